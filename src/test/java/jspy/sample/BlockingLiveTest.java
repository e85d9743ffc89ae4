package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.ProcFiles;
import jspy.testing.LivePython;
import jspy.testing.Oracle;
import jspy.testing.Python;
import jspy.testing.Recorded;
import jspy.testing.Wanted;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

/** {@code --blocking}: every stack is one that existed, and the program runs on as before. */
@Timeout(120)
final class BlockingLiveTest {
    private static final double RATE = 1000;
    private static final int SAMPLES = 1000;
    private static final double MIN_PROVED_PERCENT = 95;

    /** On a starved machine a thread that is not given a core for 10 ms is not waited for. */
    private static final double MIN_PROVED_TOGETHER_PERCENT = 60;

    /** Each prints how many signals it got when its input says so. */
    private static final String SIGNALS =
            """
            import signal, sys, threading
            got = [0]
            def handle(number, frame):
                got[0] += 1
            signal.signal(signal.SIGUSR1, handle)
            print("ready", flush=True)
            def ask():
                for line in sys.stdin:
                    print(got[0], flush=True)
            threading.Thread(target=ask, daemon=True).start()
            while True:
                sum(range(100))
            """;

    @ParameterizedTest
    @ValueSource(strings = {"flutter", "four_threads", "sleepers"})
    void stacksOfStoppedThreadsAreAllPossible(String program) throws Exception {
        Oracle oracle =
                Oracle.ALL.stream().filter(each -> each.program().equals(program)).findAny().get();
        for (Wanted wanted : pythons()) {
            try (LivePython target = oracle.startTraceable(wanted.python())) {
                Oracle.Found found = oracle.record(target, RATE, ReadMode.STOPPED, SAMPLES);
                String summary = found.accuracy().summary();
                System.out.printf("%s, %s, --blocking: %s%n", wanted.python(), oracle, summary);
                assertEquals(0, found.impossible(), found::example);
                assertTrue(found.provedPercent() >= MIN_PROVED_PERCENT, summary);
                assertRuns(target);
            }
        }
    }

    @Test
    void threadsOfAFreeThreadedBuildAreStoppedTogether() throws Exception {
        Python python =
                Python.all().stream().filter(Python::isFreeThreaded).findFirst().orElse(null);
        Assumptions.assumeTrue(
                python != null, "no free-threaded CPython here (tools/targets/build-python)");
        Oracle oracle =
                Oracle.ALL.stream()
                        .filter(each -> each.program().equals("four_threads"))
                        .findAny()
                        .get();
        try (LivePython target = oracle.startTraceable(python)) {
            Oracle.Found found = oracle.record(target, RATE, ReadMode.STOPPED, SAMPLES / 4);
            String summary = found.accuracy().summary();
            System.out.printf("%s, %s, --blocking: %s%n", python, oracle, summary);
            assertEquals(0, found.impossible(), found::example);
            assertTrue(found.provedPercent() >= MIN_PROVED_TOGETHER_PERCENT, summary);
            assertRuns(target);
        }
    }

    @Test
    void signalsThatComeWhileThreadsAreStoppedAllArrive() throws Exception {
        Wanted wanted = pythons().getFirst();
        ProcessBuilder command = wanted.python().command("-u", "-c", SIGNALS);
        try (LivePython target = LivePython.startTraceable(command)) {
            Thread recording =
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        try {
                                            Recorded.samples(
                                                    target,
                                                    RATE,
                                                    ThreadFilter.ALL,
                                                    ReadMode.STOPPED,
                                                    SAMPLES * 2);
                                        } catch (Exception e) {
                                            throw new AssertionError(e);
                                        }
                                    });
            int sent = 0;
            while (recording.isAlive()) {
                new ProcessBuilder("kill", "-USR1", Integer.toString(target.pid()))
                        .start()
                        .waitFor();
                sent++;
                target.say("?");
                int expected = sent;
                long deadline = System.nanoTime() + 10_000_000_000L;
                while (Integer.parseInt(target.line()) < expected) {
                    assertTrue(System.nanoTime() < deadline, "a signal was lost");
                    target.say("?");
                }
            }
            System.out.printf("%s: %d signals during a recording%n", wanted.python(), sent);
            assertTrue(sent > 5);
            assertRuns(target);
        }
    }

    // internals

    /** Two are enough: where frames lie in a chunk, and where they lie on the heap. */
    private static List<Wanted> pythons() {
        List<Wanted> found =
                Wanted.oneEach().stream().filter(wanted -> wanted.found() != null).toList();
        Assumptions.assumeFalse(found.isEmpty(), "no CPython here");
        return found.size() == 1 ? found : List.of(found.getFirst(), found.getLast());
    }

    /** Nobody holds it, and it gets on. */
    private static void assertRuns(LivePython target) throws Exception {
        ProcFiles proc = ProcFiles.system();
        for (int thread : proc.threads(target.pid())) {
            String text = proc.text(target.pid(), "task/" + thread + "/status");
            assertTrue(text.contains("TracerPid:\t0\n"), text);
        }
        long before = runNanos(target);
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (runNanos(target) == before) {
            assertTrue(System.nanoTime() < deadline, "it does not run any more");
            Thread.sleep(5);
        }
    }

    private static long runNanos(LivePython target) throws Exception {
        long sum = 0;
        ProcFiles proc = ProcFiles.system();
        for (int thread : proc.threads(target.pid())) {
            String text = proc.text(target.pid(), "task/" + thread + "/schedstat");
            sum += Long.parseLong(text.split(" ")[0]);
        }
        return sum;
    }
}
