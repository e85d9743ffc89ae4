package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.Container;
import jspy.testing.LivePython;
import jspy.testing.Program;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.ArrayList;
import java.util.List;

/** Who sleeps is not shown, in a crowd and in another namespace of process ids. */
@Timeout(120)
final class IdleLiveTest {
    @Test
    void twoHundredSleepersAndAWorkerAreOneThread() throws Exception {
        try (LivePython target =
                Program.named("crowd").start(Pythons.any(), "computing=1", "waiting=200")) {
            List<String> lines = record(target.pid(), "-t", "-F");
            for (int i = 0; i < 10 && lines.isEmpty(); i++) {
                lines = record(target.pid(), "-t", "-F");
            }
            assertFalse(lines.isEmpty(), "ten recordings without a sample");
            for (String line : lines) {
                assertTrue(line.matches("thread \\(\\d+\\): computing0;.*"), line);
            }
        }
    }

    @Test
    void sleepersInAnotherPidNamespaceAreIdleAndHaveTheIdsOfThisOne() throws Exception {
        Program program = Program.named("named_threads");
        try (Container container = Container.start(Container.Shape.PIDS, Pythons.any(), program)) {
            container.linesUpTo("end");
            assertEquals(List.of(), record(container.pid()));
            for (String option : List.of("--full-filenames", "--native")) {
                Jspy dump = Jspy.run("dump", option, "-p", Integer.toString(container.pid()));
                assertEquals(0, dump.exitCode(), dump.err());
                String out = dump.out();
                assertTrue(
                        out.contains("Thread %d (idle): \"MainThread\"".formatted(container.pid())),
                        out);
                assertEquals(32, out.lines().filter(l -> l.startsWith("Thread ")).count(), out);
                assertFalse(out.contains("(active"), out);
                assertFalse(out.contains("[truncated"), out);
            }
        }
    }

    // internals

    private static List<String> record(int pid, String... more) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("record", "-d", "1.5", "-f", "raw", "-o", "-"));
        command.addAll(List.of("-p", Integer.toString(pid)));
        command.addAll(List.of(more));
        Jspy jspy = Jspy.run(command.toArray(String[]::new));
        assertEquals(0, jspy.exitCode(), jspy.err());
        return jspy.out().lines().toList();
    }
}
