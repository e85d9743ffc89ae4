package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.os.Linux;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** Over a folder that looks like /proc, through the real kernel. */
class ThreadStatesTest {
    @TempDir private Path folder;
    private FakeProc proc;

    @BeforeEach
    void tree() {
        Running.assumeLinux();
        proc = new FakeProc(folder);
    }

    private void thread(int id, String name, char state, long switches) {
        proc.with("7/task/" + id + "/stat", id + " (" + name + ") " + state + FakeProc.STAT_TAIL);
        proc.with("7/task/" + id + "/schedstat", "1000 20 " + switches + "\n");
    }

    @Test
    void stateCoreAndCountersAreRead() {
        thread(1234567, "a) R 9 (", 'D', 99);
        try (ThreadStates states = new ThreadStates(new Linux(), proc.files(), 7)) {
            assertEquals(ThreadStates.OK, states.look(1234567));
            assertEquals('D', states.state());
            assertEquals(3, states.core());
            assertEquals(ThreadStates.OK, states.lookAtSchedule(1234567));
            assertEquals(1000, states.runNanos());
            assertEquals(20, states.waitNanos());
            assertEquals(99, states.switches());
            assertEquals(2, states.openDescriptors());
            states.forget(1234567);
            assertEquals(0, states.openDescriptors());
        }
    }

    @Test
    void threadThatIsNotThereHasEnded() {
        try (ThreadStates states = new ThreadStates(new Linux(), proc.files(), 7)) {
            assertEquals(ThreadStates.ENDED, states.look(8));
            assertEquals(ThreadStates.ENDED, states.lookAtSchedule(8));
            assertEquals(0, states.openDescriptors());
        }
    }

    @Test
    void nonsenseIsAFailureAndNotAnException() {
        for (String text :
                new String[] {
                    "x", ")", "1 (a) R", "1 (a) R" + " x".repeat(60), "1 (a) ", "9".repeat(4000)
                }) {
            proc.with("7/task/9/stat", text).with("7/task/9/schedstat", text);
            try (ThreadStates states = new ThreadStates(new Linux(), proc.files(), 7)) {
                assertEquals(ThreadStates.FAILED, states.look(9), text);
                assertEquals(ThreadStates.FAILED, states.lookAtSchedule(9), text);
            }
        }
    }

    @Test
    void moreThreadsThanDescriptorsAreReadAllTheSame() {
        for (int id = 100; id < 200; id++) {
            thread(id, "t", 'S', id);
        }
        try (ThreadStates states = new ThreadStates(new Linux(), proc.files(), 7, 16)) {
            for (int round = 0; round < 3; round++) {
                for (int id = 100; id < 200; id++) {
                    assertEquals(ThreadStates.OK, states.look(id));
                    assertEquals(ThreadStates.OK, states.lookAtSchedule(id));
                    assertEquals(id, states.switches());
                    assertTrue(states.openDescriptors() <= 16);
                }
            }
        }
    }
}
