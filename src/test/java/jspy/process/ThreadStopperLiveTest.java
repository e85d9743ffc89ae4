package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.os.Linux;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** On children of a shell: of its own children the JDK would take a stop for the end. */
@Timeout(120)
class ThreadStopperLiveTest {
    private static final int KILLS = Integer.getInteger("jspy.kills", 5);
    private static final String COUNTER = "i=0; while :; do i=$((i+1)); done";

    private Running shell;
    private int pid;
    private final ThreadStopper stopper = new ThreadStopper(new Linux());

    @BeforeEach
    void start() throws IOException {
        shell = Running.start("sh", "-c", "sh -c '" + COUNTER + "' & echo $!; wait $!");
        pid = Integer.parseInt(shell.line());
        Running.await("a shell that runs", () -> runNanos() > 5_000_000);
    }

    @AfterEach
    void stop() {
        stopper.close();
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        shell.close();
    }

    @Test
    void stoppedThreadStandsStillUntilItIsResumed() throws Exception {
        assumeMayTrace();
        MemorySegment registers = Arena.ofAuto().allocate(ThreadStopper.MAX_REGISTER_BYTES, 8);
        assertEquals(ThreadStopper.STOPPED, stopUntilItDoes());
        assertEquals('t', state());
        long before = runNanos();
        assertTrue(stopper.registers(registers) > 0);
        Thread.sleep(50);
        assertEquals(before, runNanos());
        stopper.resume();
        Running.await("it runs again", () -> runNanos() > before);
        assertEquals("0", tracer());
        assertTrue(stopper.stops() > 0);
    }

    @Test
    void stoppedGroupStaysStopped() throws Exception {
        assumeMayTrace();
        new ProcessBuilder("kill", "-STOP", Integer.toString(pid)).start().waitFor();
        Running.await("stopped", () -> state() == 'T');
        assertEquals(ThreadStopper.STOPPED, stopUntilItDoes());
        stopper.resume();
        Running.await("stopped again", () -> state() == 'T');
        long before = runNanos();
        Thread.sleep(30);
        assertEquals(before, runNanos());
    }

    @Test
    void signalThatArrivesMeanwhileIsDelivered() throws Exception {
        assumeMayTrace();
        assertEquals(ThreadStopper.STOPPED, stopUntilItDoes());
        new ProcessBuilder("kill", "-TERM", Integer.toString(pid)).start().waitFor();
        stopper.resume();
        Running.await("it ends", () -> ProcessHandle.of(pid).isEmpty() || state() == 'Z');
    }

    @Test
    void threadThatEndedIsSaidToHave() {
        assertEquals(ThreadStopper.ENDED, stopper.stop(0x3fffff));
    }

    @Test
    void onlyTheThreadThatMadeItMayUseIt() throws Exception {
        Throwable[] thrown = new Throwable[1];
        Thread other =
                Thread.ofPlatform()
                        .start(
                                () ->
                                        thrown[0] =
                                                assertThrows(
                                                        IllegalStateException.class,
                                                        () -> stopper.stop(pid)));
        other.join();
        assertTrue(thrown[0].getMessage().startsWith("only "));
    }

    /** However jspy ends, and whatever it was about to do: the kernel lets the target run on. */
    @Test
    void targetRunsOnWhenItsTracerIsKilled() throws Exception {
        assumeMayTrace();
        for (int i = 0; i < KILLS; i++) {
            Process tracer = tracerProcess();
            tracer.inputReader().readLine();
            Thread.sleep(i % 10 * 3);
            tracer.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
            long before = runNanos();
            Running.await("it runs on after kill " + i, () -> runNanos() > before);
            assertEquals("0", tracer());
        }
    }

    /** Stops and resumes a process as fast as it can. */
    public static void main(String[] arguments) {
        int pid = Integer.parseInt(arguments[0]);
        ThreadStopper stopper = new ThreadStopper(new Linux());
        for (boolean isSaid = false; ; ) {
            if (stopper.stop(pid) == ThreadStopper.STOPPED) {
                if (!isSaid) {
                    System.out.println("stopping");
                    isSaid = true;
                }
                stopper.resume();
            }
        }
    }

    // internals

    private Process tracerProcess() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ThreadStopperLiveTest.class.getName(),
                        Integer.toString(pid))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private int stopUntilItDoes() {
        int result = ThreadStopper.LATE;
        for (int i = 0; i < 20 && result == ThreadStopper.LATE; i++) {
            result = stopper.stop(pid);
        }
        return result;
    }

    private void assumeMayTrace() {
        int result = stopUntilItDoes();
        stopper.resume();
        Assumptions.assumeTrue(result != ThreadStopper.DENIED, "ptrace is not allowed here");
    }

    private long runNanos() {
        return Long.parseLong(text("schedstat").split(" ")[0]);
    }

    private char state() {
        String stat = text("stat");
        return stat.charAt(stat.lastIndexOf(')') + 2);
    }

    private String tracer() {
        return text("status")
                .lines()
                .filter(line -> line.startsWith("TracerPid:"))
                .map(line -> line.substring(10).strip())
                .findFirst()
                .orElseThrow();
    }

    private String text(String name) {
        try {
            return Files.readString(Path.of("/proc", Integer.toString(pid), name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
