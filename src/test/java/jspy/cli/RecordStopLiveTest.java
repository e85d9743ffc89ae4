package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A recording ends in order, whatever ends it, and what it has seen is written. */
@Timeout(120)
final class RecordStopLiveTest {
    @TempDir private Path folder;

    private LivePython target;

    @BeforeEach
    void startTarget() throws IOException {
        target = Program.named("busy").start(Pythons.any());
    }

    @AfterEach
    void endTarget() {
        if (target != null) {
            target.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void signalWritesTheFile(String signal) throws Exception {
        try (Jspy jspy = record("-f", "raw", "-o", out("x.txt"))) {
            jspy.awaitErr("sampling process");
            Thread.sleep(2000);
            jspy.signal(signal);
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(Files.readString(folder.resolve("x.txt")).contains("inner"));
            assertTrue(jspy.err().contains("wrote the raw stacks"), jspy.err());
            assertTrue(jspy.err().contains("% proved"), jspy.err());
        }
    }

    /** As a script has it that starts jspy with {@code &}: Java alone would never end. */
    @Test
    void interruptIsHeededWhereAScriptHasItIgnored() throws Exception {
        ProcessBuilder command =
                Jspy.commandUnder(
                        List.of("sh", "-c", "trap '' INT; exec \"$@\"", "sh"),
                        "record",
                        "-p",
                        Integer.toString(target.pid()),
                        "-f",
                        "raw",
                        "-o",
                        out("x.txt"));
        try (Jspy jspy = Jspy.start(command)) {
            jspy.awaitErr("sampling process");
            Thread.sleep(1000);
            jspy.signal("INT");
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(Files.readString(folder.resolve("x.txt")).contains("inner"));
        }
    }

    @Test
    void severalSignalsAtOnceAreOne() throws Exception {
        try (Jspy jspy = record("-f", "raw", "-o", out("x.txt"))) {
            jspy.awaitErr("sampling process");
            Thread.sleep(1500);
            jspy.signal("INT");
            jspy.signal("TERM");
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(Files.size(folder.resolve("x.txt")) > 0);
        }
    }

    @Test
    void durationIsClockTime() throws Exception {
        try (Jspy jspy = record("-d", "1.5", "-r", "2000", "-f", "raw", "-o", out("x.txt"))) {
            jspy.awaitErr("sampling process");
            long start = System.nanoTime();
            jspy.awaitErr("wrote");
            double seconds = (System.nanoTime() - start) / 1e9;
            assertEquals(0, jspy.exitCode());
            assertTrue(seconds > 1.0 && seconds < 15, seconds + " s");
        }
    }

    @Test
    void readerThatGoesAwayIsNoError() throws Exception {
        String java = String.join(" ", Jspy.command().command());
        String pid = Integer.toString(target.pid());
        for (String line :
                List.of(
                        java + " dump -p " + pid + " | head -1",
                        java + " dump --json -p " + pid + " | head -c 1",
                        java + " record -d 0.5 -f raw -o - -p " + pid + " | true")) {
            String script = "set -o pipefail; " + line;
            Jspy jspy = Jspy.run(new ProcessBuilder("bash", "-c", script));
            assertEquals(0, jspy.exitCode(), line + "\n" + jspy.err());
            assertFalse(jspy.err().contains("Exception"), jspy.err());
            assertFalse(jspy.err().contains("cannot"), jspy.err());
        }
    }

    @Test
    void targetGoesOnWhenJspyIsKilled() throws Exception {
        try (Jspy jspy = record("-f", "raw", "-o", out("x.txt"))) {
            jspy.awaitErr("sampling process");
            Thread.sleep(300);
            jspy.signal("KILL");
            assertEquals(137, jspy.exitCode());
        }
        String state = Files.readString(Path.of("/proc/" + target.pid() + "/stat"));
        assertFalse(state.contains(") T "), state);
        assertFalse(Files.exists(folder.resolve("x.txt")));
    }

    @Test
    void nothingSeenGivesAValidFileAndAWord() throws Exception {
        try (LivePython sleeping = Program.named("sleeping").start(Pythons.any())) {
            for (String format : List.of("flamegraph", "raw", "speedscope", "chrometrace")) {
                Path file = folder.resolve(format);
                Jspy jspy =
                        Jspy.run(
                                "record",
                                "-d",
                                "1.5",
                                "-p",
                                Integer.toString(sleeping.pid()),
                                "-f",
                                format,
                                "-o",
                                file.toString());
                assertEquals(0, jspy.exitCode(), jspy.err());
                assertTrue(jspy.err().contains("nothing was seen"), jspy.err());
                assertTrue(jspy.err().contains("--idle"), jspy.err());
                String text = Files.readString(file);
                String end =
                        switch (format) {
                            case "flamegraph" -> "</svg>";
                            case "speedscope" -> "}";
                            case "chrometrace" -> "]";
                            default -> "";
                        };
                assertTrue(text.strip().endsWith(end), text);
            }
        }
    }

    // internals

    private Jspy record(String... more) throws IOException {
        ProcessBuilder command = Jspy.command("record", "-p", Integer.toString(target.pid()));
        command.command().addAll(List.of(more));
        return Jspy.start(command);
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }
}
