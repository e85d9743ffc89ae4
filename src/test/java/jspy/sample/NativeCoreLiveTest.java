package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.CoreProcess;
import jspy.profile.Frame;
import jspy.testing.Grandchild;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A core file has the native frames that the process had when it was written. */
class NativeCoreLiveTest {
    /** The main thread waits in C that Python called that C called; another one sleeps. */
    private static final String PROGRAM =
            """
            import _thread, functools, threading, time
            lock = _thread.allocate_lock(); lock.acquire()
            class Key:
                def __init__(self, n): self.n = n
                def __lt__(self, other): return wait(self.n)
            def wait(n):
                print('ready', flush=True)
                lock.acquire()
            def work(a, b): return sorted([Key(a), Key(b)])
            threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
            functools.reduce(work, [1, 2])
            """;

    @TempDir private Path scratch;

    @TestFactory
    Stream<DynamicTest> framesAreThoseThatTheProcessHad() {
        List<Python> all = Python.from(8).stream().filter(one -> !one.isWrapped()).toList();
        Assumptions.assumeFalse(all.isEmpty(), "no CPython from 3.8 on");
        return Stream.of(all.getFirst(), all.get(all.size() / 2), all.getLast())
                .distinct()
                .map(one -> DynamicTest.dynamicTest(one.toString(), () -> compare(one)));
    }

    private void compare(Python python) throws Exception {
        try (Grandchild target = Grandchild.start(python.command("-u", "-c", PROGRAM))) {
            assertEquals("ready", target.line());
            Thread.sleep(200);
            List<List<String>> live =
                    frames(Attachment.to(target.pid()).dumpNative(file -> file, NativeMode.ALL));
            Path core = writeCore(target.pid());
            try (Arena arena = Arena.ofShared()) {
                CoreProcess process = CoreProcess.open(core, null, arena);
                List<List<String>> dead =
                        frames(PostMortem.of(process).dumpNative(file -> file, NativeMode.ALL));
                assertEquals(live, dead);
            } finally {
                Files.delete(core);
            }
            List<String> main = live.getFirst();
            assertEquals(2, live.size());
            assertTrue(main.getLast().startsWith("_start ("), main.toString());
            int wait = indexOf(main, "wait (");
            int less = indexOf(main, "__lt__ (");
            int work = indexOf(main, "work (");
            assertTrue(0 < wait && wait < less && less < work, main.toString());
            assertTrue(work - less > 2, "what sorts is between them: " + main);
        }
    }

    private static int indexOf(List<String> labels, String text) {
        for (int i = 0; i < labels.size(); i++) {
            if (labels.get(i).contains(text)) {
                return i;
            }
        }
        return -1;
    }

    private static List<List<String>> frames(StackDump dump) {
        return dump.threads().stream()
                .map(thread -> thread.frames().stream().map(Frame::label).toList())
                .toList();
    }

    private Path writeCore(int pid) throws IOException, InterruptedException {
        Path core = scratch.resolve("core");
        List<String> command = new ArrayList<>(List.of("gdb", "-nx", "-batch", "-p", "" + pid));
        command.addAll(List.of("-ex", "generate-core-file " + core));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            Assumptions.abort("gdb, which writes core files, is not on the PATH");
        }
        Assumptions.assumeTrue(Files.exists(core), "gdb wrote no core file");
        return core;
    }
}
