package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Frame;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Native frames have the names and lines of their sources: C++ and Cython, compiled here. */
class NativeNamesLiveTest {
    private static final int DUMPS = 40;

    private static final String CPP =
            """
            namespace shop {
            template <typename T> struct Basket {
                T total;
                __attribute__((noinline)) T each(T (*call)(T), T n) {
                    for (T i = 0; i < n; i++) {
                        total += call(i); // line 6
                    }
                    return total;
                }
            };
            }
            extern "C" long run(long (*call)(long), long n) {
                shop::Basket<long> basket = {0};
                return basket.each(call, n) + 1; // line 14
            }
            """;

    private static final String CALLS =
            """
            import ctypes, sys
            library = ctypes.CDLL(sys.argv[1])
            def price(n): return sum(range(2000))
            call = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long)(price)
            print('ready', flush=True)
            while True: library.run(call, ctypes.c_long(100))
            """;

    private static final String PYX =
            """
            def call(key, n):
                total = 0
                for i in range(n):
                    total += key(i)
                return total
            class Egg:
                def boil(self, key):
                    return call(key, 9)
            """;

    private static final String BOILS =
            """
            import spam
            def key(i): return sum(range(3000))
            print('ready', flush=True)
            while True: spam.Egg().boil(key)
            """;

    @TempDir private Path scratch;

    @Test
    void templatesOfCppHaveTheirNamesAndLines() throws Exception {
        Python python = python();
        Path source = Files.writeString(scratch.resolve("shop.cpp"), CPP);
        Path library = scratch.resolve("shop.so");
        run(scratch, "g++", "-g", "-O1", "-shared", "-fPIC", "-o", "shop.so", source.toString());
        Set<String> seen = seen(python.command("-u", "-c", CALLS, library.toString()));
        assertTrue(
                seen.contains("shop::Basket<long>::each(long (*)(long), long) shop.cpp:6"),
                seen.toString());
        assertTrue(seen.contains("run shop.cpp:14"), seen.toString());
    }

    @Test
    void functionsOfCythonHaveTheirNamesAndLines() throws Exception {
        Python python = python();
        Path cython = targets().resolve("native/cython");
        Assumptions.assumeTrue(Files.isDirectory(cython), "Cython is not fetched");
        Files.writeString(scratch.resolve("spam.pyx"), PYX);
        ProcessBuilder translate = python.command("-m", "cython", "-3", "spam.pyx");
        translate.environment().put("PYTHONPATH", cython.toString());
        run(translate.directory(scratch.toFile()));
        Path headers = headersOrNull(python);
        Assumptions.assumeTrue(headers != null, python + " has no Python.h");
        String include = "-I" + headers;
        run(scratch, "gcc", "-g", "-O1", "-shared", "-fPIC", include, "-o", "spam.so", "spam.c");
        ProcessBuilder command = python.command("-u", "-c", BOILS);
        command.environment().put("PYTHONPATH", scratch.toString());
        Set<String> seen = seen(command);
        assertTrue(seen.contains("spam.call spam.pyx:4"), seen.toString());
        assertTrue(seen.contains("spam.Egg.boil spam.pyx:8"), seen.toString());
    }

    // internals

    /** Of all frames that are seen {@code function file:line}. */
    private static Set<String> seen(ProcessBuilder command) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", "\"$@\" & echo $!; wait $!", "sh"));
        words.addAll(command.command());
        Process shell = command.command(words).start();
        BufferedReader out = shell.inputReader();
        int pid = Integer.parseInt(out.readLine());
        Set<String> seen = new HashSet<>();
        try {
            assertTrue("ready".equals(out.readLine()));
            Attachment attachment = Attachment.to(pid);
            for (int i = 0; i < DUMPS; i++) {
                StackDump dump = attachment.dumpNative(name -> name, NativeMode.ALL);
                for (Frame frame : dump.threads().getFirst().frames()) {
                    seen.add(
                            "%s %s:%d"
                                    .formatted(frame.function(), frame.shortFile(), frame.line()));
                }
            }
        } finally {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
        return seen;
    }

    /** One whose headers are here. */
    private static Python python() {
        List<Python> all = Python.from(11);
        for (Python python : all.reversed()) {
            if (!python.isFreeThreaded() && headersOrNull(python) != null) {
                return python;
            }
        }
        Assumptions.assumeTrue(!all.isEmpty(), "no CPython from 3.11 on");
        return all.getLast();
    }

    private static Path headersOrNull(Python python) {
        Path folder =
                python.executable()
                        .resolveSibling("../include/python3." + python.minor())
                        .normalize();
        return Files.exists(folder.resolve("Python.h")) ? folder : null;
    }

    private static void run(Path folder, String... command) throws Exception {
        run(new ProcessBuilder(command).directory(folder.toFile()));
    }

    private static void run(ProcessBuilder command) throws Exception {
        try {
            int status = command.inheritIO().start().waitFor();
            Assumptions.assumeTrue(status == 0, command.command().getFirst() + " fails");
        } catch (IOException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    private static Path targets() {
        String targets = System.getenv("JSPY_TARGETS");
        return targets != null
                ? Path.of(targets)
                : Path.of(System.getProperty("user.home"), ".cache/jspy/targets");
    }
}
