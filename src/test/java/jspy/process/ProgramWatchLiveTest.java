package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.os.Linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ProgramWatchLiveTest {
    @Test
    void seesTheProgramStayChangeAndEnd() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "read line; exec sleep 60").start();
        try (ProgramWatch watch =
                new ProgramWatch(new Linux(), ProcFiles.system(), (int) process.pid())) {
            long shell = watch.look();
            assertNotEquals(ProgramWatch.ENDED, shell);
            assertEquals(shell, watch.look());
            process.outputWriter().append("go\n").flush();
            long sleep = waitForOther(watch, shell);
            assertNotEquals(ProgramWatch.ENDED, sleep);
            process.destroyForcibly();
            // an exec sets its addresses one after the other: what was seen may have been in
            // between
            long seen = sleep;
            while (seen != ProgramWatch.ENDED) {
                seen = waitForOther(watch, seen);
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void whatIsNotThereHasEnded() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        try (ProgramWatch watch =
                new ProgramWatch(new Linux(), ProcFiles.system(), (int) process.pid())) {
            assertEquals(ProgramWatch.ENDED, watch.look());
        }
    }

    // internals

    private static long waitForOther(ProgramWatch watch, long known) throws Exception {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (watch.look() == known) {
            assertTrue(System.nanoTime() < deadline, "nothing changed");
            Thread.sleep(5);
        }
        return watch.look();
    }
}
