package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Frame;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Python frames stand under the native frames that they called, on a real Python. */
class NativeMergeLiveTest {
    private static final int DUMPS = Integer.getInteger("jspy.native.dumps", 5);

    private static final String SANDWICH =
            """
            import functools
            class Key:
                def __init__(self, n): self.n = n
                def __lt__(self, other): return descend(self.n) < descend(other.n)
            class Caller:
                def __call__(self, n): return leaf(n)
            def leaf(n):
                total = 0
                for i in range(200): total += i * n
                return total
            def generate(n):
                for i in range(3): yield sum(map(Caller(), range(i + n % 2)))
            def descend(n): return functools.reduce(lambda a, b: a + b, generate(n), n)
            def work(): return sorted([Key(i) for i in (3, 1, 2)])
            print('ready', flush=True)
            while True: work()
            """;

    private static final String MATMUL =
            """
            import numpy
            def multiply(a): return a @ a
            a = numpy.random.rand(600, 600)
            print('ready', flush=True)
            while True: multiply(a)
            """;

    /** Caller before callee, as the program and CPython's sources have it. */
    private static final List<List<String>> CALLS =
            List.of(
                    List.of("work", "list_sort_impl", "__lt__"),
                    List.of("__lt__", "descend"),
                    List.of("descend", "functools_reduce", "gen_iternext", "generate"),
                    List.of("generate", "builtin_sum", "map_next", "slot_tp_call", "__call__"),
                    List.of("__call__", "leaf"));

    @TestFactory
    Stream<DynamicTest> pythonStandsUnderWhatItCalled() {
        return Python.from(8).stream()
                .map(python -> DynamicTest.dynamicTest(python.toString(), () -> sandwich(python)));
    }

    @TestFactory
    Stream<DynamicTest> kernelOfOpenBlasIsUnderThePythonLine() {
        return Python.from(13).stream()
                .filter(python -> python.minor() == 13)
                .limit(1)
                .map(python -> DynamicTest.dynamicTest(python.toString(), () -> matmul(python)));
    }

    private static void sandwich(Python python) throws Exception {
        int whole = 0;
        List<String> other = List.of();
        try (Program program = Program.start(python.command("-u", "-c", SANDWICH))) {
            Attachment attachment = Attachment.to(program.pid);
            for (int i = 0; i < DUMPS; i++) {
                List<String> names = mainThread(attachment);
                if (names.stream().anyMatch(NativeMergeLiveTest::isStart)) {
                    whole++;
                } else {
                    other = names;
                }
                if (names.contains("builtin_sorted")) {
                    assertCallsAreInOrder(names);
                }
            }
        }
        System.out.printf("%s: %d of %d native stacks to the root%n", python, whole, DUMPS);
        assertEquals(DUMPS, whole, other.toString());
    }

    private static void matmul(Python python) throws Exception {
        Path numpy = numpyOrNull();
        Assumptions.assumeTrue(numpy != null, "numpy for CPython 3.13 is not on this machine");
        ProcessBuilder command = python.command("-u", "-c", MATMUL);
        command.environment().put("PYTHONPATH", numpy.toString());
        command.environment().put("OPENBLAS_NUM_THREADS", "1");
        command.environment().put("OPENBLAS_CORETYPE", "Haswell");
        int whole = 0;
        int kernels = 0;
        try (Program program = Program.start(command)) {
            Attachment attachment = Attachment.to(program.pid);
            for (int i = 0; i < DUMPS; i++) {
                List<String> names = mainThread(attachment);
                boolean isKernel = names.stream().anyMatch(name -> name.contains("dgemm_kernel"));
                kernels += isKernel ? 1 : 0;
                int multiply = names.indexOf("multiply");
                int called = names.indexOf("DOUBLE_matmul");
                assertTrue(multiply > 0 && names.size() > multiply, names.toString());
                assertTrue(!isKernel || called > 0 && called < multiply, names.toString());
                whole += names.stream().anyMatch(NativeMergeLiveTest::isStart) ? 1 : 0;
            }
        }
        System.out.printf(
                "%s, matmul: %d of %d native stacks to the root, %d in the kernel%n",
                python, whole, DUMPS, kernels);
        assertTrue(whole >= DUMPS * 0.99, whole + " of " + DUMPS);
    }

    private static boolean isStart(String name) {
        return name.equals("_start");
    }

    private static List<String> mainThread(Attachment attachment) throws Exception {
        StackDump dump = attachment.dumpNative(name -> name, NativeMode.ALL);
        assertEquals(1, dump.threads().size());
        return dump.threads().getFirst().frames().stream()
                .map(Frame::function)
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .toList();
    }

    private static void assertCallsAreInOrder(List<String> leafFirst) {
        List<String> rootFirst = leafFirst.reversed();
        for (List<String> calls : CALLS) {
            int at = rootFirst.indexOf(calls.getFirst());
            int last = rootFirst.indexOf(calls.getLast());
            if (at < 0 || last < 0) {
                continue;
            }
            for (String called : calls) {
                int next = rootFirst.subList(at, rootFirst.size()).indexOf(called);
                assertTrue(next >= 0 && at + next <= last, called + " in " + rootFirst);
                at += next;
            }
        }
    }

    private static Path numpyOrNull() {
        String targets = System.getenv("JSPY_TARGETS");
        Path folder =
                (targets != null
                                ? Path.of(targets)
                                : Path.of(System.getProperty("user.home"), ".cache/jspy/targets"))
                        .resolve("native/x86_64/numpy");
        return Files.isDirectory(folder) ? folder : null;
    }

    /** A grandchild: of its own children the JDK would take a stop for the end. */
    private record Program(Process shell, int pid) implements AutoCloseable {
        static Program start(ProcessBuilder command) throws IOException {
            List<String> words =
                    new ArrayList<>(List.of("sh", "-c", "\"$@\" & echo $!; wait $!", "sh"));
            words.addAll(command.command());
            Process shell = command.command(words).start();
            BufferedReader out = shell.inputReader();
            int pid = Integer.parseInt(out.readLine());
            assertEquals("ready", out.readLine());
            return new Program(shell, pid);
        }

        @Override
        public void close() {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }
}
