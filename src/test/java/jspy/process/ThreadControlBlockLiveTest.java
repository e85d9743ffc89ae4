package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.memory.LiveMemory;
import jspy.os.Linux;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

class ThreadControlBlockLiveTest {
    private static final String PROGRAM =
            """
            import threading, time
            ids = []
            def note():
                ids.append((threading.get_ident(), threading.get_native_id()))
                time.sleep(60)
            for _ in range(5): threading.Thread(target=note, daemon=True).start()
            ids.append((threading.get_ident(), threading.get_native_id()))
            while len(ids) < 6: time.sleep(0.01)
            for pair in ids: print(*pair)
            while True: pass
            """;

    private record Ids(long self, int nativeId) {}

    private static List<Ids> ids(Running running) throws IOException {
        List<Ids> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String[] parts = running.line().split(" ");
            ids.add(new Ids(Long.parseLong(parts[0]), Integer.parseInt(parts[1])));
        }
        return ids;
    }

    @Test
    void nativeIdsAreReadFromTheThreadsDescriptors() throws Exception {
        try (Running running = Running.python(PROGRAM)) {
            List<Ids> expected = ids(running);
            TargetProcess process = running.target();
            LiveMemory memory = new LiveMemory(new Linux(), running.pid());
            ThreadControlBlock block = ThreadControlBlock.of(process, process.maps(), memory);
            long[] selves = expected.stream().mapToLong(Ids::self).toArray();
            Capability found = block.findNativeIds(selves, process.threadIds()::isNative);
            assertTrue(found.isAvailable(), found.describe());
            for (Ids pair : expected) {
                assertEquals(pair.nativeId(), block.nativeId(pair.self()));
            }
            ThreadIdOffset search = new ThreadIdOffset(memory);
            int offset = search.find(selves, process.threadIds()::isNative, -1).orElseThrow();
            assertEquals(expected.get(0).nativeId(), search.read(selves[0], offset));
        }
    }

    @Test
    void coreOfEachThreadIsWhatTheKernelSays() throws Exception {
        try (Running running = Running.python(PROGRAM)) {
            List<Ids> expected = ids(running);
            TargetProcess process = running.target();
            LiveMemory memory = new LiveMemory(new Linux(), running.pid());
            ThreadControlBlock block = ThreadControlBlock.of(process, process.maps(), memory);
            Assumptions.assumeTrue(block.rseq().isAvailable(), block.rseq().describe());
            // the last one computes and may move; the others sleep
            for (Ids pair : expected) {
                if (pair.nativeId() != running.pid()) {
                    assertEquals(
                            core(process, pair.nativeId()),
                            read(memory, block.coreAddress(pair.self())));
                }
            }
        }
    }

    @Test
    void rseqThatIsSwitchedOffIsSaidWithItsRemedy() throws Exception {
        try (Running running =
                Running.start("env", "GLIBC_TUNABLES=glibc.pthread.rseq=0", "sleep", "60")) {
            TargetProcess process = running.target();
            Running.await("libc is mapped", () -> isLibcMapped(process));
            LiveMemory memory = new LiveMemory(new Linux(), running.pid());
            ThreadControlBlock block = ThreadControlBlock.of(process, process.maps(), memory);
            assertFalse(block.rseq().isAvailable());
            Capability.No no = (Capability.No) block.rseq();
            Assumptions.assumeTrue(!no.reason().contains("since 2.35"), no.reason());
            assertTrue(no.remedy().contains("GLIBC_TUNABLES"), no.describe());
        }
    }

    // internals

    private static boolean isLibcMapped(TargetProcess process) {
        try {
            return process.maps().files().stream().anyMatch(m -> m.fileName().startsWith("libc"))
                    && process.executable().contains("sleep");
        } catch (IOException e) {
            return false;
        }
    }

    private static int core(TargetProcess process, int thread) throws IOException {
        String stat = process.proc().text(process.pid(), "task/" + thread + "/stat");
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[36]);
    }

    private static int read(LiveMemory memory, long address) {
        MemorySegment word = Arena.ofAuto().allocate(4, 4);
        assertEquals(4, memory.read(address, word, 0, 4));
        return word.get(ValueLayout.JAVA_INT, 0);
    }
}
