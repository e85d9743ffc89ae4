package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.NativeShare;
import jspy.profile.Profile;
import jspy.testing.Grandchild;
import jspy.testing.NativeRecording;
import jspy.testing.Program;
import jspy.testing.Python;
import jspy.testing.SeenStack;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.List;
import java.util.stream.Stream;

/** Recordings with native frames of programs in which it is known who calls what. */
class NativeRecordingLiveTest {
    private static final int SAMPLES = Integer.getInteger("jspy.native.samples", 60);
    private static final String ONLY = System.getProperty("jspy.native.only", "");
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private static final String HASHES =
            """
            import hashlib, zlib
            data = bytes(range(256)) * 4096
            def squeeze(): zlib.compress(data, 6)
            def digest(): hashlib.sha256(data).digest()
            print('ready', flush=True)
            while True:
                squeeze()
                digest()
            """;

    private static final String THREADS =
            """
            import threading, time, zlib
            data = bytes(range(256)) * 4096
            def squeeze():
                while True: zlib.compress(data, 6)
            def doze():
                while True: time.sleep(3600)
            for _ in range(20): threading.Thread(target=doze, daemon=True).start()
            threading.Thread(target=squeeze, daemon=True).start()
            print('ready', flush=True)
            time.sleep(3600)
            """;

    /** A thread of the C library that never sees Python: usleep as its start function. */
    private static final String PLAIN_THREAD =
            """
            import ctypes, time
            libc = ctypes.CDLL(None)
            thread = ctypes.c_ulong()
            start = ctypes.cast(libc.usleep, ctypes.c_void_p)
            libc.pthread_create(ctypes.byref(thread), None, start, ctypes.c_void_p(100_000_000))
            libc.pthread_setname_np(thread, b'plain')
            print('ready', flush=True)
            time.sleep(3600)
            """;

    /**
     * A thread whose stack ends at a page that is in the mapping and cannot be read, as glibc 2.42
     * puts one between stacks: MADV_GUARD_INSTALL of Linux 6.13.
     */
    private static final String GUARDED =
            """
            import ctypes, mmap, time
            libc = ctypes.CDLL(None, use_errno=True)
            libc.mmap.restype = ctypes.c_void_p
            stack = libc.mmap(None, ctypes.c_size_t(1 << 20), 3, 0x22, -1, ctypes.c_long(0))
            guard = ctypes.c_void_p(stack + (1 << 19))
            if libc.madvise(guard, ctypes.c_size_t(4096), 102):
                print('no guard pages')
            attributes = (ctypes.c_char * 256)()
            libc.pthread_attr_init(attributes)
            libc.pthread_attr_setstack(attributes, ctypes.c_void_p(stack), ctypes.c_size_t(1 << 19))
            def guarded(_):
                while True: sum(range(1000))
            start = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(guarded)
            thread = ctypes.c_ulong()
            libc.pthread_create(ctypes.byref(thread), attributes, start, None)
            print('ready', flush=True)
            time.sleep(3600)
            """;

    @TestFactory
    Stream<DynamicTest> functionsOfLibrariesAreUnderThePythonLineThatCalledThem() {
        return Python.from(8).stream()
                .filter(python -> python.toString().contains(ONLY))
                .map(python -> DynamicTest.dynamicTest(python.toString(), () -> hashes(python)));
    }

    private static void hashes(Python python) throws Exception {
        Profile profile = record(python, HASHES, NativeMode.CALLED, ThreadFilter.ACTIVE);
        long squeezed = 0;
        long deflated = 0;
        for (SeenStack stack : SeenStack.of(profile)) {
            boolean isSqueeze = stack.has("squeeze");
            assertFalse(isSqueeze && stack.has("digest"), stack.labels().toString());
            if (isSqueeze) {
                squeezed += stack.samples();
                deflated += isInLibz(stack) ? stack.samples() : 0;
            }
            assertTrue(isSqueeze || !isInLibz(stack), stack.labels().toString());
            assertFalse(stack.has("_start"), stack.labels().toString());
            assertFalse(stack.has("_PyEval_EvalFrameDefault"), stack.labels().toString());
        }
        System.out.printf(
                "%s: %d of %d in zlib.compress; %s%n",
                python, deflated, squeezed, profile.accuracy().summary());
        assertTrue(squeezed > 0);
        assertTrue(deflated >= squeezed * 0.8, deflated + " of " + squeezed);
        assertAllReachTheRoot(profile);
    }

    @Test
    void everyFrameIsThereWhenAllAreAskedFor() throws Exception {
        Python python = Python.from(11).getFirst();
        Profile profile = record(python, HASHES, NativeMode.ALL, ThreadFilter.ACTIVE);
        for (SeenStack stack : SeenStack.of(profile)) {
            assertTrue(stack.has("_start"), stack.labels().toString());
            assertEquals("_start", stack.frames().getFirst().function());
        }
        assertAllReachTheRoot(profile);
    }

    @Test
    void threadsThatSleepAreReadWithoutAStopAndOnlyWhenTheyAreAskedFor() throws Exception {
        Python python = Python.from(11).getFirst();
        Profile active = record(python, THREADS, NativeMode.CALLED, ThreadFilter.ACTIVE);
        assertTrue(SeenStack.of(active).stream().noneMatch(stack -> stack.has("doze")));
        assertTrue(SeenStack.of(active).stream().anyMatch(NativeRecordingLiveTest::isInLibz));
        Profile all = record(python, THREADS, NativeMode.CALLED, ThreadFilter.ALL);
        List<SeenStack> dozing =
                SeenStack.of(all).stream().filter(stack -> stack.has("doze")).toList();
        assertEquals(20, dozing.stream().map(SeenStack::thread).distinct().count());
        for (SeenStack stack : dozing) {
            assertFalse(stack.leaf().function().equals("doze"), stack.labels().toString());
        }
        assertAllReachTheRoot(all);
    }

    @Test
    void threadsWithoutPythonAreThereWhenTheyAreAskedFor() throws Exception {
        Python python = Python.from(11).getFirst();
        Profile profile = record(python, PLAIN_THREAD, NativeMode.CALLED, ThreadFilter.ALL, true);
        List<SeenStack> plain =
                SeenStack.of(profile).stream().filter(stack -> !stack.has("<module>")).toList();
        assertEquals(1, plain.stream().map(SeenStack::thread).distinct().count());
        SeenStack stack = plain.getFirst();
        assertEquals("plain", stack.thread().threadName());
        assertTrue(stack.has("usleep"), stack.labels().toString());
        assertTrue(stack.frames().getFirst().function().contains("clone"), "" + stack.labels());
        assertAllReachTheRoot(profile);
    }

    @Test
    void stackBelowAGuardPageThatIsInNoMappingIsRead() throws Exception {
        Python python = Python.from(11).getFirst();
        Profile profile = record(python, GUARDED, NativeMode.ALL, ThreadFilter.ACTIVE);
        List<SeenStack> stacks =
                SeenStack.of(profile).stream().filter(stack -> stack.has("guarded")).toList();
        assertFalse(stacks.isEmpty());
        for (SeenStack stack : stacks) {
            String root = stack.frames().getFirst().function();
            assertTrue(root.contains("clone"), stack.labels().toString());
        }
        assertAllReachTheRoot(profile);
    }

    /**
     * Up to 3.11 there are Python frames alone: the eval loop's anchors end with an interpreter.
     */
    @TestFactory
    Stream<DynamicTest> framesOfInterpretersStandOnThoseThatEnteredThem() {
        return Python.from(12).stream()
                .filter(python -> !python.isWrapped() && !python.isFreeThreaded())
                .map(python -> DynamicTest.dynamicTest("" + python, () -> interpreters(python)));
    }

    private static void interpreters(Python python) throws Exception {
        String file = Program.named("interpreters").file().toString();
        try (Grandchild target = Grandchild.start(python.command("-u", file))) {
            assertEquals("ready", target.line());
            Profile profile =
                    NativeRecording.of(
                            target.pid(), 100, NativeMode.ALL, ThreadFilter.ALL, SAMPLES / 2);
            int inside = 0;
            for (SeenStack stack : SeenStack.of(profile)) {
                boolean isInside = stack.has("compute") || stack.has("doze");
                assertTrue(!isInside || stack.has("enter"), stack.labels().toString());
                inside += isInside ? 1 : 0;
            }
            assertTrue(inside > 0);
            System.out.printf("%s: %s%n", python, profile.accuracy().summary());
            // in 3.12 it is only guessed which thread is inside: Python frames alone; a debug build
            // keeps its frames by a register that a thread that sleeps does not show
            if (python.minor() >= 13 && !python.isDebug()) {
                assertAllReachTheRoot(profile);
            }
        }
    }

    private static boolean isInLibz(SeenStack stack) {
        return stack.frames().stream().anyMatch(frame -> frame.shortFile().startsWith("libz."));
    }

    private static void assertAllReachTheRoot(Profile profile) {
        NativeShare natives = profile.accuracy().natives();
        long stacks = profile.accuracy().stacks();
        assertTrue(stacks > 0);
        // a stack in ten: one sample of a short test may meet a thread that is being born
        assertTrue(natives.reached() >= stacks * 0.9, profile.accuracy().summary());
    }

    private static Profile record(
            Python python, String program, NativeMode mode, ThreadFilter filter) throws Exception {
        return record(python, program, mode, filter, false);
    }

    private static Profile record(
            Python python,
            String program,
            NativeMode mode,
            ThreadFilter filter,
            boolean plainThreads)
            throws Exception {
        Recording.Options options =
                new Recording.Options(
                                200,
                                PATIENCE_NANOS,
                                filter,
                                LineStyle.CURRENT,
                                false,
                                true,
                                ReadMode.OWN_CORE,
                                false,
                                false)
                        .with(mode, plainThreads);
        try (Grandchild target = Grandchild.start(python.command("-u", "-c", program))) {
            String said = target.line();
            Assumptions.assumeFalse(said.equals("no guard pages"), "this kernel has " + said);
            assertEquals("ready", said);
            Recording recording = Recording.start(Attachment.to(target.pid()), options);
            while (!recording.await(20)) {
                if (recording.counters().get(SampleCounters.SAMPLES) >= SAMPLES) {
                    recording.stop();
                }
            }
            Profile profile = recording.profile(List.of());
            SampleCounters counters = recording.counters();
            System.out.printf(
                    "%s: native stacks denied %d, not read %d, unsettled %d, unmatched %d%n",
                    python,
                    counters.get(SampleCounters.NATIVE_DENIED),
                    counters.get(SampleCounters.NATIVE_UNREAD),
                    counters.get(SampleCounters.NATIVE_UNSETTLED),
                    counters.get(SampleCounters.NATIVE_UNMATCHED));
            return profile;
        }
    }
}
