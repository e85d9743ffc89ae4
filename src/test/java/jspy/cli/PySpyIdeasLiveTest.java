package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.TargetProcess;
import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What py-spy's own tests ask of a sampler, as questions to jspy: of 3.9, 3.11, 3.13 and 3.14, as
 * far as this machine has them. The rest of them is in {@code LocalsLiveTest}, {@code
 * LineTableLiveTest}, {@code SubprocessesLiveTest} and {@code CompletionTest}.
 */
@Timeout(120)
final class PySpyIdeasLiveTest {
    private static final Set<Integer> MINORS = Set.of(9, 11, 13, 14);

    private static final String SLEEPS =
            "import time\ndef sleeps():\n    time.sleep(1000)\nprint(1)\nsleeps()";

    private static final String COMPUTES =
            """
            def computes():
                while True:
                    pass
            print(1)
            computes()
            """;

    private static final String NAMED =
            """
            import threading, time
            def wait(): time.sleep(1000)
            for i in range(10):
                threading.Thread(target=wait, name="name-%d" % i).start()
            print(1)
            wait()
            """;

    private static final String COMES_AND_GOES =
            """
            import threading
            print(1)
            def short(): sum(range(2000))
            while True:
                thread = threading.Thread(target=short)
                thread.start()
                thread.join()
            """;

    private static final String RECURSES =
            """
            print(1)
            def down(n): return down(n - 1) if n else sum(range(500))
            while True: down(20)
            """;

    private static final String ZOMBIE =
            """
            import os, time
            if os.fork() == 0:
                os._exit(0)
            time.sleep(0.2)
            print(1)
            while True: pass
            """;

    @TempDir private Path folder;

    /** One of each minor version. */
    static Collection<Python> pythons() {
        Map<Integer, Python> newest = new TreeMap<>();
        for (Python python : Python.from(9)) {
            if (MINORS.contains(python.minor()) && !python.isFreeThreaded() && !python.isDebug()) {
                newest.put(python.minor(), python);
            }
        }
        return newest.values();
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aSleeperHoldsNoGilAndIsInOneStack(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, SLEEPS)) {
            assertEquals(List.of(), record(target, "--gil"));
            List<String> idle = recordSome(target, "--idle");
            assertEquals(1, idle.size(), idle.toString());
            assertTrue(
                    idle.getFirst().startsWith("<module> (<string>:5);sleeps (<string>:3) "),
                    idle.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aBusyLoopHoldsTheGilAndIsActive(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, COMPUTES)) {
            List<String> gil = recordSome(target, "--gil", "-F");
            assertEquals(1, gil.size(), gil.toString());
            assertTrue(gil.getFirst().startsWith("<module> (<string>:1);computes (<string>:1) "));
            Jspy dump = Jspy.run("dump", "-p", Integer.toString(target.pid()));
            assertTrue(dump.out().contains("(active+gil): \"MainThread\""), dump.out());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void allThreadsHaveTheirNames(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, NAMED)) {
            Set<String> names = new TreeSet<>();
            for (String line : recordSome(target, "--threads", "--idle")) {
                names.add(line.replaceFirst("thread \\(\\d+\\): ([^;]*);.*", "$1"));
            }
            Set<String> expected =
                    IntStream.range(0, 10)
                            .mapToObj(i -> "name-" + i)
                            .collect(Collectors.toCollection(TreeSet::new));
            expected.add("MainThread");
            assertEquals(expected, names);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void threadsThatComeAndGoAreNoErrors(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, COMES_AND_GOES)) {
            assertTrue(recordSome(target, "--idle").getFirst().contains("<module> (<string>:"));
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void everyStackOfARecursionIsRooted(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, RECURSES)) {
            List<String> lines = recordSome(target);
            for (String line : lines) {
                assertTrue(line.startsWith("<module> (<string>:"), line);
                assertTrue(Pattern.compile("down ").matcher(line).results().count() <= 21, line);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void filesAndFunctionsMayHaveAnyLetters(Python python) throws Exception {
        Path script = folder.resolve("файл-ü-日本.py");
        Files.writeString(
                script, "print(1)\ndef кириллица():\n    while True: pass\nкириллица()\n");
        ProcessBuilder command = python.command("-u", script.toString());
        command.environment().put("LC_ALL", "C.UTF-8");
        command.environment().put("PYTHONUTF8", "1");
        try (LivePython target = LivePython.start(command)) {
            List<String> lines = recordSome(target);
            assertEquals(1, lines.size(), lines.toString());
            assertTrue(lines.getFirst().contains(";кириллица (файл-ü-日本.py:3) "), lines.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aChildThatNobodyWaitedForIsHarmless(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, ZOMBIE)) {
            List<String> lines = recordSome(target, "--subprocesses");
            assertEquals(1, lines.size(), lines.toString());
            Jspy dump = Jspy.run("dump", "-s", "-p", Integer.toString(target.pid()));
            assertEquals(0, dump.exitCode(), dump.err());
            assertEquals(1, dump.out().lines().filter(l -> l.startsWith("Process ")).count());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aStoppedProcessIsReadAndStaysStopped(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, COMPUTES)) {
            // it said that it is ready a moment before it computes
            Jspy.await("it computes", () -> dumped(target).contains("computes (<string>:"));
            Jspy.signal("STOP", target.pid());
            Jspy.await("the stop", () -> state(target) == TargetProcess.State.STOPPED);
            Jspy dump = Jspy.run("dump", "-p", Integer.toString(target.pid()));
            assertEquals(0, dump.exitCode(), dump.err());
            assertTrue(dump.out().contains("computes (<string>:"), dump.out());
            List<String> idle = recordSome(target, "--idle");
            assertEquals(1, idle.size(), "it moved: " + idle);
            // it holds the GIL, so it is shown without --idle, too
            assertEquals(functions(idle), functions(recordSome(target)));
            assertEquals(TargetProcess.State.STOPPED, state(target));
            Jspy.signal("CONT", target.pid());
            recordSome(target);
        }
    }

    @Test
    void aShellThatStartsPythonInAMomentIsGoodEnough() throws Exception {
        Path file = folder.resolve("x.txt");
        String code = "import time\nend = time.time() + 6\nwhile time.time() < end: pass";
        ProcessBuilder command =
                Jspy.command("record", "-s", "-f", "raw", "-o", file.toString(), "--", "sh", "-c");
        command.command()
                .addAll(
                        List.of(
                                "sleep 0.5; \"$0\" -c \"$1\"; exit 3",
                                Pythons.any().executable().toString(),
                                code));
        Jspy jspy = Jspy.run(command);
        assertEquals(3, jspy.exitCode(), jspy.err());
        assertTrue(Files.readString(file).contains("<module> (<string>:3)"), jspy.err());
    }

    // internals

    private static List<String> functions(List<String> lines) {
        return lines.stream().map(line -> line.replaceFirst(" \\d+$", "")).toList();
    }

    private static String dumped(LivePython target) {
        try {
            return Jspy.run("dump", "-p", Integer.toString(target.pid())).out();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static TargetProcess.State state(LivePython target) {
        try {
            return target.target().state();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A machine that is busy may leave no time for a sample: then once more. */
    private List<String> recordSome(LivePython target, String... more) throws Exception {
        List<String> lines = record(target, more);
        for (int i = 0; i < 10 && lines.isEmpty(); i++) {
            lines = record(target, more);
        }
        assertFalse(lines.isEmpty(), "ten recordings without a sample");
        return lines;
    }

    private List<String> record(LivePython target, String... more) throws Exception {
        Path file = folder.resolve("x.txt");
        recorded(target, file, more);
        try (Stream<String> lines = Files.lines(file)) {
            return lines.toList();
        }
    }

    private static Jspy recorded(LivePython target, Path file, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("record", "-d", "1", "-f", "raw", "-o"));
        command.addAll(List.of(file.toString(), "-p", Integer.toString(target.pid())));
        command.addAll(List.of(more));
        Jspy jspy = Jspy.run(command.toArray(String[]::new));
        assertEquals(0, jspy.exitCode(), jspy.err());
        assertFalse(jspy.err().contains("error"), jspy.err());
        return jspy;
    }
}
