package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code jspy record -- program}: the program is its own, jspy stands beside it. */
@Timeout(120)
final class RecordProgramLiveTest {
    /** Computes for so many seconds of CPU time: on a busy machine jspy is slow, too. */
    private static final String WORK =
            """
            import os, signal, sys, time
            def work(seconds):
                end = time.process_time() + seconds
                while time.process_time() < end:
                    sum(range(1000))
            """;

    @TempDir private Path folder;

    @Test
    void exitCodeIsKept() throws Exception {
        Jspy jspy = Jspy.run(record("work(2.5); sys.exit(3)"));
        assertEquals(3, jspy.exitCode(), jspy.err());
        assertTrue(profile().contains("work"), profile());
    }

    @Test
    void exitCodeIsKeptOfAProgramThatIsStoppedForItsNativeFrames() throws Exception {
        Jspy jspy =
                Jspy.run(
                        Jspy.command(
                                "record",
                                "--native",
                                "-f",
                                "raw",
                                "-o",
                                file(),
                                "--",
                                Pythons.executable(),
                                "-c",
                                WORK + "work(4); sys.exit(3)"));
        assertEquals(3, jspy.exitCode(), jspy.err());
        // which is called by sum(), whose own name a stripped CPython does not say
        assertTrue(
                profile().contains("PyIter_Next") || profile().contains("builtin_sum"), profile());
        assertTrue(jspy.err().contains("native: "), jspy.err());
    }

    @Test
    void signalThatEndsItIsItsExitCode() throws Exception {
        Jspy jspy = Jspy.run(record("work(2.5); os.kill(os.getpid(), 11)"));
        assertEquals(128 + 11, jspy.exitCode(), jspy.err());
        assertTrue(profile().contains("work"), profile());
    }

    @Test
    void argumentsThatLookLikeOptionsAreItsOwn() throws Exception {
        ProcessBuilder command =
                Jspy.command("record", "-f", "raw", "-o", file(), Pythons.executable(), "-c");
        command.command().addAll(List.of(WORK + "work(2.5); print(sys.argv[1:])", "-o", "--"));
        Jspy jspy = Jspy.run(command);
        assertEquals(0, jspy.exitCode(), jspy.err());
        assertEquals("['-o', '--']", jspy.out().strip());
    }

    @Test
    void scriptThatBecomesAPythonIsRecorded() throws Exception {
        String script = "sleep 1; exec \"$0\" -c \"$1\"";
        ProcessBuilder command =
                Jspy.command("record", "-f", "raw", "-o", file(), "sh", "-c", script);
        command.command().addAll(List.of(Pythons.executable(), WORK + "work(2.5)"));
        Jspy jspy = Jspy.run(command);
        assertEquals(0, jspy.exitCode(), jspy.err());
        assertTrue(profile().contains("work"), profile());
    }

    @Test
    void streamsAreItsOwn() throws Exception {
        String program =
                """
                line = sys.stdin.readline()
                work(2.5)
                print("out " + line.strip())
                print("err " + sys.stdin.read(), file=sys.stderr)
                """;
        try (Jspy jspy = Jspy.start(record(program))) {
            jspy.process().getOutputStream().write("first\nrest".getBytes());
            jspy.process().getOutputStream().close();
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertEquals("out first", jspy.out().strip());
            assertTrue(jspy.err().contains("err rest"), jspy.err());
        }
    }

    /** py-spy's hidden --capture. */
    @Test
    void whatItPrintsMayGoIntoAFile() throws Exception {
        Jspy jspy = Jspy.run(record("work(2); print('said', sys.stdin.read())", "--capture"));
        assertEquals(0, jspy.exitCode(), jspy.err());
        assertEquals("", jspy.out());
        String mark = "what the program printed is in ";
        String printed = jspy.err().lines().filter(l -> l.contains(mark)).findFirst().orElse("");
        Path file = Path.of(printed.substring(printed.indexOf(mark) + mark.length()));
        assertEquals("said", Files.readString(file).strip());
        Files.delete(file);
    }

    @Test
    void goesOnAfterTheDuration() throws Exception {
        try (Jspy jspy = Jspy.start(record("work(6); print('done'); sys.exit(4)", "-d", "1.5"))) {
            jspy.awaitErr("wrote the raw stacks");
            assertTrue(jspy.isAlive());
            jspy.awaitErr("goes on; Ctrl-C ends it");
            assertEquals(4, jspy.exitCode(), jspy.err());
            assertEquals("done", jspy.out().strip());
        }
    }

    @Test
    void endsWithTheDurationIfItIsToBeKilled() throws Exception {
        Jspy jspy = Jspy.run(record("work(60)", "-d", "1.5", "--kill"));
        assertEquals(0, jspy.exitCode(), jspy.err());
        assertTrue(profile().contains("work"), profile());
    }

    /** Nobody typed Ctrl-C: jspy alone gets the signal, and passes on the same. */
    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void signalReachesIt(String signal) throws Exception {
        String program =
                """
                def said(number, frame):
                    print("got", number, flush=True)
                    sys.exit(number)
                signal.signal(signal.SIGINT, said)
                signal.signal(signal.SIGTERM, said)
                print("ready", flush=True)
                work(60)
                """;
        int number = signal.equals("INT") ? 2 : 15;
        try (Jspy jspy = Jspy.start(record(program))) {
            jspy.awaitOut("ready");
            jspy.awaitErr("sampling process");
            Thread.sleep(3000);
            jspy.signal(signal);
            assertEquals(number, jspy.exitCode(), jspy.err());
            assertEquals("ready\ngot " + number, jspy.out().strip());
            assertTrue(profile().contains("work"), profile());
        }
    }

    @Test
    void signalReachesItAlsoAfterTheDuration() throws Exception {
        try (Jspy jspy = Jspy.start(record("work(60)", "-d", "0.3"))) {
            jspy.awaitErr("goes on");
            jspy.signal("TERM");
            assertEquals(128 + 15, jspy.exitCode(), jspy.err());
        }
    }

    @Test
    void secondInterruptGivesUp() throws Exception {
        String program = "signal.signal(2, signal.SIG_IGN); print('ready', flush=True); work(20)";
        try (Jspy jspy = Jspy.start(record(program))) {
            jspy.awaitOut("ready");
            jspy.awaitErr("sampling process");
            Thread.sleep(500);
            jspy.signal("INT");
            jspy.awaitErr("wrote the raw stacks");
            Thread.sleep(1000);
            assertTrue(jspy.isAlive());
            jspy.signal("INT");
            assertEquals(130, jspy.exitCode(), jspy.err());
        }
    }

    @Test
    void diskThatIsFullDoesNotEndIt() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 64)) {
            Files.write(disk.folder().resolve("ballast"), new byte[48 << 10]);
            ProcessBuilder command =
                    Jspy.command(
                            "record",
                            "-d",
                            "1.5",
                            "-o",
                            disk.folder().resolve("x.svg").toString(),
                            Pythons.executable(),
                            "-c",
                            WORK + "work(4); print('done')");
            Jspy jspy = Jspy.run(command);
            assertEquals(1, jspy.exitCode(), jspy.err());
            assertEquals("done", jspy.out().strip());
        }
    }

    @Test
    void runsAsTheUserWhoCalledSudo() throws Exception {
        Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        ProcessBuilder command = Jspy.command("record", "-o", file(), "sh", "-c", "id -u; id -g");
        command.environment().putAll(Map.of("SUDO_UID", "65534", "SUDO_GID", "65534"));
        Jspy jspy = Jspy.run(command);
        assertEquals("65534\n65534", jspy.out().strip(), jspy.err());
        assertFalse(Files.exists(Path.of(file())));
    }

    @Test
    void fileIsNamedAfterIt() throws Exception {
        ProcessBuilder command =
                Jspy.command("record", "-f", "raw", Pythons.executable(), "-c", WORK + "work(2.5)");
        Jspy jspy = Jspy.run(command.directory(folder.toFile()));
        assertEquals(0, jspy.exitCode(), jspy.err());
        String name = Path.of(Pythons.executable()).getFileName().toString();
        try (var files = Files.list(folder)) {
            String file = files.findFirst().orElseThrow().getFileName().toString();
            assertTrue(
                    file.matches(
                            Pattern.quote(name)
                                    + "-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d[+-]\\d{4}\\.txt"),
                    file);
        }
    }

    // internals

    private ProcessBuilder record(String program, String... options) {
        ProcessBuilder command = Jspy.command("record", "-f", "raw", "-o", file());
        command.command().addAll(List.of(options));
        command.command().addAll(List.of("--", Pythons.executable(), "-c", WORK + program));
        return command;
    }

    private String file() {
        return folder.resolve("x.txt").toString();
    }

    private String profile() throws IOException {
        return Files.readString(Path.of(file()));
    }
}
