package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;
import jspy.testing.Tmux;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code jspy top} in a real terminal: what is typed, what is seen, what is left behind. */
class TopLiveTest {
    @TempDir Path folder;

    @BeforeAll
    static void needsATerminal() {
        Assumptions.assumeTrue(Tmux.isAvailable(), "skipped: this machine has no tmux");
        Assumptions.assumeFalse(Python.from(9).isEmpty(), "skipped: no Python from 3.9 on");
    }

    @Test
    void keysChangeWhatIsShown() throws Exception {
        try (LivePython python = start();
                Tmux tmux = Tmux.run(80, 24, script("--pid", pid(python), "--delay", "0.3"))) {
            String first = tmux.awaitText("compute0 (four_threads.py");
            assertTrue(first.contains("GIL: "), first);
            assertTrue(first.contains("% proved, "), first);
            assertTrue(first.contains("functions by own time"), first);
            tmux.key("4");
            tmux.awaitText("functions by total time");
            tmux.key("L");
            tmux.awaitText("lines by total time");
            tmux.key("/");
            tmux.type("compute1|step1");
            tmux.awaitText("/compute1|step1_");
            tmux.key("Enter");
            tmux.await(
                    "only these",
                    screen -> screen.contains("filter: compute1") && !screen.contains("compute0"));
            tmux.key("c");
            tmux.await(
                    "all again",
                    screen -> !screen.contains("filter: ") && screen.contains("compute0"));
            tmux.key("t");
            tmux.awaitText(", thread ");
            tmux.key("T");
            tmux.awaitText(", all threads");
            tmux.key("?");
            tmux.awaitText("any key leaves this page");
            tmux.key("x");
            tmux.key("Home");
            tmux.key("Enter");
            tmux.await(
                    "callers", screen -> screen.contains("called by") && screen.contains("calls"));
            tmux.key("Escape");
            tmux.await("the table", screen -> !screen.contains("called by"));
            tmux.key("p");
            tmux.awaitText("PAUSED");
            tmux.key("d");
            tmux.awaitText("wrote ");
            tmux.key("q");
            tmux.awaitText("RC=0");
            assertRestored();
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> written = files.filter(file -> file.toString().endsWith(".svg")).toList();
            assertEquals(1, written.size());
            assertTrue(Files.readString(written.getFirst()).contains("compute0"));
        }
    }

    @Test
    void itFitsRightAfterAResize() throws Exception {
        try (LivePython python = start();
                Tmux tmux = Tmux.run(200, 50, script("--pid", pid(python)))) {
            tmux.awaitText("%TotalAll");
            tmux.resize(60, 12);
            String small =
                    tmux.await(
                            "small",
                            s -> s.contains("four_threads.py:") && !s.contains("TotalTime"));
            assertEquals(12, small.lines().count(), small);
            assertTrue(small.lines().reduce((a, b) -> b).orElse("").startsWith("q quit"), small);
            tmux.resize(120, 30);
            tmux.awaitText("%TotalAll");
            tmux.key("q");
            tmux.awaitText("RC=0");
            assertRestored();
        }
    }

    @Test
    void controlCRestoresTheTerminal() throws Exception {
        try (LivePython python = start();
                Tmux tmux = Tmux.run(80, 24, script("--pid", pid(python)))) {
            tmux.awaitText("compute0");
            tmux.key("C-c");
            String after = tmux.awaitText("RC=");
            assertFalse(after.contains("%Own"), after);
            assertTrue(python.target().isAlive());
            assertRestored();
        }
    }

    @Test
    void keysThatComeEarlyAreKeys() throws Exception {
        try (LivePython python = start();
                Tmux tmux = Tmux.run(80, 24, script("--pid", pid(python)))) {
            Jspy.await("jspy's start", () -> Files.exists(folder.resolve("pid")));
            tmux.key("4");
            tmux.awaitText("functions by total time");
            tmux.key("q");
            tmux.awaitText("RC=0");
            assertRestored();
        }
    }

    @Test
    void controlCEndsItAtAnyMoment() throws Exception {
        try (LivePython python = start()) {
            for (int millis = 100; millis <= 1300; millis += 200) {
                Files.deleteIfExists(folder.resolve("done"));
                Files.deleteIfExists(folder.resolve("pid"));
                try (Tmux tmux = Tmux.run(80, 24, script("--pid", pid(python)))) {
                    Jspy.await("jspy's start", () -> Files.exists(folder.resolve("pid")));
                    Thread.sleep(millis);
                    tmux.key("C-c");
                    String after = tmux.awaitText("RC=");
                    assertFalse(after.contains("%Own"), after);
                    assertRestored();
                }
            }
        }
    }

    @Test
    void keysThatComeLateAreNotLeftToTheShell() throws Exception {
        try (LivePython python = start();
                Tmux tmux = Tmux.run(80, 24, script("--pid", pid(python)))) {
            tmux.awaitText("compute0");
            tmux.type("qqqq");
            String after = tmux.awaitText("RC=0");
            assertRestored();
            assertFalse(tmux.screen().contains("qq"), after);
        }
    }

    @Test
    void termRestoresTheTerminal() throws Exception {
        try (LivePython python = start();
                Tmux tmux = Tmux.run(80, 24, script("--pid", pid(python)))) {
            tmux.awaitText("compute0");
            long jspy = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
            Jspy.signal("TERM", jspy);
            String after = tmux.awaitText("RC=");
            assertFalse(after.contains("%Own"), after);
            assertRestored();
        }
    }

    @Test
    void theEndOfTheTargetLeavesALastTable() throws Exception {
        try (LivePython python = start();
                Tmux tmux = Tmux.run(80, 24, script("--pid", pid(python)))) {
            tmux.awaitText("compute0");
            python.kill();
            String after = tmux.awaitText("RC=0");
            assertTrue(after.contains("process " + python.pid() + " ended"), after);
            assertTrue(after.contains("%Own"), after);
            assertRestored();
        }
    }

    @Test
    void aProgramThatItStartsKeepsOffTheScreen() throws Exception {
        Python newest = Python.from(9).getLast();
        String code = "import time, sys\nprint(123 * 1000)\nwhile time.monotonic(): pass";
        try (Tmux tmux =
                Tmux.run(80, 24, script("--", newest.executable().toString(), "-c", code))) {
            String screen = tmux.awaitText("<module> (<string>");
            assertFalse(screen.contains("123000"), screen);
            tmux.key("q");
            String after = tmux.awaitText("RC=");
            assertTrue(after.contains("what the program printed is in "), after);
            assertRestored();
        }
    }

    @Test
    void plainLinesWhereThereIsNoTerminal() throws Exception {
        try (LivePython python = start();
                Jspy jspy = Jspy.start("top", "--pid", pid(python), "--delay", "0.5")) {
            jspy.awaitOut(" (four_threads.py:");
            Jspy.await(
                    "two tables",
                    () -> jspy.out().lines().filter(line -> line.contains("%Own")).count() >= 2);
            jspy.signal("INT");
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertFalse(jspy.out().contains("\033"), jspy.out());
        }
    }

    // internals

    private LivePython start() throws IOException {
        return Program.named("four_threads").start(Python.from(9).getLast());
    }

    private static String pid(LivePython python) {
        return Integer.toString(python.pid());
    }

    /** Runs jspy, keeps the terminal's settings before and after, and stays until it is killed. */
    private String script(String... arguments) {
        String command =
                Stream.concat(Stream.of("top"), Arrays.stream(arguments))
                        .collect(
                                Collectors.collectingAndThen(
                                        Collectors.toList(),
                                        all -> Jspy.command(all.toArray(String[]::new))))
                        .command()
                        .stream()
                        .map(word -> "'" + word + "'")
                        .collect(Collectors.joining(" "));
        return """
        cd '%s'; trap : INT
        stty -g > before
        sh -c 'echo $$ > pid; exec "$@"' sh %s
        echo RC=$?
        stty -g > after
        touch done
        sleep 600
        """
                .formatted(folder, command);
    }

    /** While the terminal is there: without it the script cannot ask. */
    private void assertRestored() throws Exception {
        Jspy.await("the script's end", () -> Files.exists(folder.resolve("done")));
        assertEquals(
                Files.readString(folder.resolve("before")),
                Files.readString(folder.resolve("after")));
    }
}
