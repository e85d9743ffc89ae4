package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** jspy on a terminal, which {@code script} of util-linux stands for. */
@Timeout(120)
final class TerminalLiveTest {
    private static final char CTRL_C = 3;

    @TempDir private Path folder;

    private LivePython target;
    private String pid;

    @BeforeEach
    void startTarget() throws IOException {
        boolean found =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "script")));
        Assumptions.assumeTrue(found, "script (util-linux) is not there");
        target = Program.named("busy").start(Pythons.any());
        pid = Integer.toString(target.pid());
    }

    @AfterEach
    void endTarget() {
        if (target != null) {
            target.close();
        }
    }

    @Test
    void progressIsShownAndCleared() throws Exception {
        Jspy jspy = Jspy.run(onTerminal("record", "-p", pid, "-d", "2", "-o", out("x.svg")));
        assertEquals(0, jspy.exitCode());
        String screen = jspy.out();
        assertTrue(screen.contains(" s left · "), screen);
        assertTrue(screen.contains("% proved"), screen);
        assertTrue(screen.contains("\r\033[Kjspy: wrote the flame graph"), screen);
        assertFalse(screen.contains("WARNING"), screen);
    }

    @Test
    void progressIsNotShownWhereItIsNotWanted() throws Exception {
        Jspy hidden =
                Jspy.run(
                        onTerminal(
                                "record",
                                "--hideprogress",
                                "-p",
                                pid,
                                "-d",
                                "1.5",
                                "-o",
                                out("x.svg")));
        assertFalse(hidden.out().contains("\033[K"), hidden.out());
        Jspy piped = Jspy.run("record", "-p", pid, "-d", "1.5", "-o", out("x.svg"));
        assertFalse(piped.err().contains("\033"), piped.err());
        assertFalse(piped.err().contains("left"), piped.err());
    }

    @Test
    void dumpIsColouredWhereItIsWanted() throws Exception {
        assertTrue(dump(Map.of("TERM", "xterm"), true).contains("\033[32mactive"));
        assertFalse(dump(Map.of("TERM", "xterm", "NO_COLOR", "1"), true).contains("\033["));
        assertFalse(dump(Map.of("TERM", "xterm", "CLICOLOR", "0"), true).contains("\033["));
        assertFalse(dump(Map.of(), false).contains("\033["));
        assertTrue(dump(Map.of("CLICOLOR_FORCE", "1"), false).contains("\033["));
    }

    /** The keys reach the program, too: it is not told a second time. */
    @Test
    void ctrlCReachesJspyAndTheProgramOnce() throws Exception {
        String program =
                """
                import signal, sys, time
                got = []
                def said(number, frame):
                    got.append(number)
                signal.signal(signal.SIGINT, said)
                signal.signal(signal.SIGTERM, said)
                print("ready", flush=True)
                while not got:
                    sum(range(1000))
                time.sleep(1.5)
                print("got", got, flush=True)
                sys.exit(7)
                """;
        Path file = folder.resolve("program.py");
        Files.writeString(file, program);
        try (Jspy jspy =
                Jspy.start(
                        onTerminal(
                                "record",
                                "-f",
                                "raw",
                                "-o",
                                out("x.txt"),
                                "--",
                                Pythons.executable(),
                                file.toString()))) {
            jspy.awaitOut("ready");
            jspy.awaitOut("sampling process");
            Thread.sleep(1500);
            jspy.process().getOutputStream().write(CTRL_C);
            jspy.process().getOutputStream().flush();
            assertEquals(7, jspy.exitCode(), jspy.out());
            assertTrue(jspy.out().contains("got [2]"), jspy.out());
            assertTrue(Files.readString(folder.resolve("x.txt")).contains("<module>"));
        }
    }

    // internals

    private String dump(Map<String, String> environment, boolean terminal) throws Exception {
        ProcessBuilder command =
                terminal ? onTerminal("dump", "-p", pid) : Jspy.command("dump", "-p", pid);
        command.environment().keySet().removeAll(List.of("NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"));
        command.environment().putAll(environment);
        Jspy jspy = Jspy.run(command);
        assertEquals(0, jspy.exitCode(), jspy.err());
        return jspy.out();
    }

    private static ProcessBuilder onTerminal(String... arguments) {
        List<String> quoted =
                Jspy.command(arguments).command().stream().map(word -> "'" + word + "'").toList();
        return new ProcessBuilder(
                "script", "-qec", "exec " + String.join(" ", quoted), "/dev/null");
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }
}
