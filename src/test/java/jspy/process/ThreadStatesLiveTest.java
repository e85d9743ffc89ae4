package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import jspy.os.Linux;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.management.ManagementFactory;

class ThreadStatesLiveTest {
    private static final String THREADS =
            """
            import threading, time
            gate = threading.Event()
            for _ in range(50): threading.Thread(target=gate.wait, daemon=True).start()
            print('ready')
            input()
            gate.set()
            while threading.active_count() > 1: time.sleep(0.01)
            print('ended')
            while True: pass
            """;

    @Test
    void busyAndSleepingThreadsAreToldApartAndEndedOnesAreAStatus() throws Exception {
        try (Running running = Running.python(THREADS);
                ThreadStates states =
                        new ThreadStates(new Linux(), ProcFiles.system(), running.pid())) {
            assertEquals("ready", running.line());
            int[] threads = running.target().threads();
            assertEquals(51, threads.length);
            for (int thread : threads) {
                Running.await(
                        "thread " + thread + " sleeps",
                        () -> states.look(thread) == ThreadStates.OK && states.state() == 'S');
                assertEquals(ThreadStates.OK, states.lookAtSchedule(thread));
                assertTrue(states.switches() > 0);
            }
            assertEquals(102, states.openDescriptors());
            running.process().outputWriter().append("go\n").flush();
            assertEquals("ended", running.line());
            int ended = 0;
            for (int thread : threads) {
                ended += states.look(thread) == ThreadStates.ENDED ? 1 : 0;
                states.lookAtSchedule(thread);
            }
            assertEquals(50, ended);
            assertEquals(2, states.openDescriptors());
            int main = running.pid();
            Running.await(
                    "the main thread computes",
                    () -> states.look(main) == ThreadStates.OK && states.state() == 'R');
        }
    }

    @Test
    void stoppedThreadIsSeenStopped() throws Exception {
        try (Running running = Running.start("sleep", "60");
                ThreadStates states =
                        new ThreadStates(new Linux(), ProcFiles.system(), running.pid())) {
            running.signal("STOP");
            Running.await(
                    "stopped",
                    () -> states.look(running.pid()) == ThreadStates.OK && states.state() == 'T');
        }
    }

    @Test
    void lookAllocatesNothing() throws IOException {
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Running running = Running.start("sleep", "60");
                ThreadStates states =
                        new ThreadStates(new Linux(), ProcFiles.system(), running.pid())) {
            long least = Long.MAX_VALUE;
            // until it is compiled, the interpreter allocates for the downcall
            for (int round = 0; round < 100 && least > 5_000; round++) {
                long before = memory.getCurrentThreadAllocatedBytes();
                look(states, running.pid(), 5_000);
                least = Math.min(least, memory.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least <= 5_000, "bytes in 10,000 looks: " + least);
        }
    }

    // internals

    private static void look(ThreadStates states, int thread, int times) {
        for (int i = 0; i < times; i++) {
            if (states.look(thread) != ThreadStates.OK
                    || states.lookAtSchedule(thread) != ThreadStates.OK) {
                throw new AssertionError("not there");
            }
        }
    }
}
