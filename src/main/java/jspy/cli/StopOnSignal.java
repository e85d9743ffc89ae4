package jspy.cli;

import jspy.sample.Recording;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * INT, TERM and HUP end the recording, and the virtual machine only when the profile is written.
 * The virtual machine runs its shutdown hooks on each of them; this one stops the sampler, waits
 * for {@link #exitWith} and halts with that code.
 */
final class StopOnSignal implements AutoCloseable {
    /** A disk that takes longer to write a profile is not waited for. */
    private static final long WRITE_SECONDS = 120;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "jspy-stop");
    private volatile Recording recording;
    private volatile boolean came;
    private volatile int exitCode = CommandException.FAILED;

    StopOnSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From now on a signal ends this recording. */
    void stops(Recording newRecording) {
        recording = newRecording;
        if (came) {
            newRecording.stop();
        }
    }

    /** Whether a signal has come. */
    boolean came() {
        return came;
    }

    /** The work is done: if a signal came, the virtual machine ends now. */
    void exitWith(int code) {
        exitCode = code;
        done.countDown();
    }

    @Override
    public void close() {
        done.countDown();
        if (!came) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException ending) {
                // a signal came just now: the hook halts with the code that was set
            }
        }
    }

    // internals

    private void stop() {
        came = true;
        Recording current = recording;
        if (current != null) {
            current.stop();
        }
        try {
            done.await(WRITE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // nobody interrupts a hook; halting is all that is left
        }
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }
}
