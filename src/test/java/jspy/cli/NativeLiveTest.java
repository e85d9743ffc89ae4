package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.binary.Elf;
import jspy.testing.Grandchild;
import jspy.testing.Python;
import jspy.testing.Tmux;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code --native} as it is typed: in top, with child processes, and its marks. */
@Timeout(180)
class NativeLiveTest {
    private static final String SQUEEZE =
            """
            import zlib
            data = bytes(range(256)) * 4096
            def squeeze(): zlib.compress(data, 6)
            print('ready', flush=True)
            while True: squeeze()
            """;

    /** The child hangs below a shell, which is no Python. */
    private static final String FAMILY =
            """
            import subprocess, sys
            child = subprocess.Popen(
                ['sh', '-c', '"$0" "$@"; exit $?', sys.executable, '-u', '-c', sys.argv[1]],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            child.stdout.readline()
            def parent(): sum(range(20000))
            print('ready', flush=True)
            while True: parent()
            """;

    /** It ends with its parent. */
    private static final String CHILD =
            """
            import os, sys, threading
            threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
            """
                    + SQUEEZE;

    private static final String MARKS =
            """
            import gc, threading
            gc.disable()
            kept = [[i] for i in range(100000)]
            def spin():
                while True: sum(range(1000))
            def collect():
                while True: gc.collect()
            threading.Thread(target=spin, daemon=True).start()
            print('ready', flush=True)
            collect()
            """;

    @TempDir private Path folder;

    @BeforeAll
    static void needsPython() {
        Assumptions.assumeFalse(Python.from(11).isEmpty(), "skipped: no Python from 3.11 on");
    }

    @Test
    void topShowsNativeFunctionsInATerminal() throws Exception {
        Assumptions.assumeTrue(Tmux.isAvailable(), "skipped: this machine has no tmux");
        try (Grandchild python = start(SQUEEZE);
                Tmux tmux = Tmux.run(110, 24, script("top", "--native", "-p", pid(python)))) {
            String screen =
                    tmux.await(
                            "libz below squeeze",
                            seen -> seen.contains("squeeze (") && seen.contains("libz."));
            assertFalse(screen.contains("_PyEval_EvalFrameDefault"), screen);
            tmux.key("q");
            tmux.awaitText("RC=0");
        }
    }

    @Test
    void topPrintsNativeFunctionsWhereThereIsNoTerminal() throws Exception {
        try (Grandchild python = start(SQUEEZE);
                Jspy jspy = Jspy.start("top", "--native", "-p", pid(python), "--delay", "0.5")) {
            jspy.awaitOut("(libz.");
            jspy.awaitOut("squeeze (");
            jspy.signal("INT");
            assertEquals(0, jspy.exitCode(), jspy.err());
        }
    }

    @Test
    void childrenHaveTheirNativeFrames() throws Exception {
        try (Grandchild parent = start(FAMILY, CHILD)) {
            List<String> lines = record(parent, "--native", "--subprocesses");
            List<String> squeezing = having(lines, "squeeze (");
            List<String> parents = having(lines, "parent (");
            assertFalse(squeezing.isEmpty(), lines.toString());
            assertTrue(having(squeezing, "(libz.").size() > 0, squeezing.toString());
            assertTrue(having(parents, "builtin_sum (").size() > 0, parents.toString());
            assertTrue(having(parents, "(libz.").isEmpty(), parents.toString());
            for (String line : having(lines, "(libz.")) {
                assertTrue(line.contains("squeeze ("), line);
            }
        }
    }

    @Test
    void waitsForTheGilAndCollectionsAreMarked() throws Exception {
        try (Grandchild python = start(MARKS)) {
            List<String> lines = record(python, "--native", "--idle");
            List<String> waits = having(lines, ";[waiting for the GIL];take_gil");
            assertFalse(waits.isEmpty(), String.join("\n", lines));
            List<String> garbage = having(lines, ";[garbage collection];");
            assertFalse(garbage.isEmpty(), String.join("\n", lines));
            for (String line : garbage) {
                assertTrue(line.contains("collect ("), line);
                assertFalse(line.contains("spin ("), line);
                assertEquals(
                        line.indexOf("[garbage collection]"),
                        line.lastIndexOf("[garbage collection]"),
                        line);
            }
        }
    }

    @Test
    void dumpShowsWhatARecordingShows() throws Exception {
        try (Grandchild python = start(SQUEEZE)) {
            String called = dump(python, "--native");
            assertTrue(called.contains("squeeze (<string>:3)"), called);
            assertTrue(called.contains("(libz."), called);
            assertFalse(called.contains("_PyEval_EvalFrameDefault"), called);
            assertFalse(called.contains("PyObject_Vectorcall"), called);
            assertTrue(called.stripTrailing().endsWith("<module> (<string>:5)"), called);
            String all = dump(python, "--native=all");
            assertTrue(all.contains("_PyEval_EvalFrameDefault ("), all);
            assertTrue(all.lines().reduce((a, b) -> b).orElse("").contains("_start ("), all);
            assertTrue(Jspy.run("dump", "--native=some", "-p", pid(python)).exitCode() != 0);
        }
    }

    /** Both are of the moment in which it was stopped, or slept; it may just have been woken. */
    @Test
    void dumpedStateIsThatOfTheFrames() throws Exception {
        String program =
                """
                import time
                print('ready', flush=True)
                while True:
                    time.sleep(0.002)
                    sum(range(100_000))
                """;
        try (Grandchild python = start(program)) {
            for (int i = 0; i < 8; i++) {
                Jspy jspy = Jspy.run("dump", "--native", "-p", pid(python));
                boolean sleeps = jspy.out().contains("nanosleep") || jspy.out().contains("select");
                assertTrue(sleeps || !jspy.out().contains("(idle"), jspy.out());
            }
        }
    }

    // internals

    private static String dump(Grandchild python, String option) throws Exception {
        Jspy jspy = Jspy.run("dump", option, "-p", pid(python));
        assertEquals(0, jspy.exitCode(), jspy.err());
        return jspy.out();
    }

    private static Grandchild start(String program, String... arguments) throws IOException {
        Python python = named();
        String[] all = new String[3 + arguments.length];
        System.arraycopy(new String[] {"-u", "-c", program}, 0, all, 0, 3);
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        Grandchild started = Grandchild.start(python.command(all));
        assertEquals("ready", started.line());
        return started;
    }

    /** One whose inner functions have their names: marks go by them. */
    private static Python named() {
        return Python.from(11).stream()
                .filter(python -> !python.isWrapped() && hasNames(python))
                .findFirst()
                .orElseGet(() -> Assumptions.abort("skipped: every CPython here is stripped"));
    }

    /** Of the program or, where it is all of it, the library beside it. */
    private static boolean hasNames(Python python) {
        try (Arena arena = Arena.ofConfined()) {
            Path program = python.executable().toRealPath();
            String library = "libpython3.%d.so.1.0".formatted(python.minor());
            Path beside = program.resolveSibling("../lib").resolve(library).normalize();
            return Elf.open(Files.exists(beside) ? beside : program, arena).hasSymbolTable();
        } catch (IOException e) {
            return false;
        }
    }

    private static String pid(Grandchild python) {
        return Integer.toString(python.pid());
    }

    /** Collapsed stacks of three seconds. */
    private List<String> record(Grandchild python, String... options) throws Exception {
        Path file = folder.resolve("stacks.txt");
        String[] command =
                Stream.concat(
                                List.of("record", "-f", "raw", "-d", "3", "-o", file.toString())
                                        .stream(),
                                Stream.concat(
                                        Arrays.stream(options),
                                        List.of("-p", pid(python)).stream()))
                        .toArray(String[]::new);
        Jspy jspy = Jspy.run(command);
        assertEquals(0, jspy.exitCode(), jspy.err());
        System.out.println(String.join(" ", options) + ": " + jspy.err().strip());
        return Files.readAllLines(file);
    }

    private static List<String> having(List<String> lines, String text) {
        return lines.stream().filter(line -> line.contains(text)).toList();
    }

    private String script(String... arguments) {
        String command =
                Jspy.command(arguments).command().stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        return "cd '%s'; %s; echo RC=$?; sleep 600".formatted(folder, command);
    }
}
