package jspy.cli;

import jspy.process.LaunchedProgram;
import jspy.sample.Recording;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * INT, TERM and HUP end the recording, and the virtual machine only when the profile is written.
 * The virtual machine runs its shutdown hooks on each of them; this one, jspy's only one, stops the
 * sampler, passes the signal on to a program that jspy started, waits for {@link #exitWith}, leaves
 * things in order and halts with that code. A second INT gives up the waiting, not the order.
 */
final class StopOnSignal implements AutoCloseable {
    /** 128 + signal, as a shell says it. */
    private static final int INTERRUPTED = 130;

    private static final int TERMINATED = 143;

    /**
     * Ctrl-C also reaches the launcher of another Java, which passes it on as TERM: what comes
     * within this time is one signal.
     */
    private static final long ONE_SIGNAL_MILLIS = 300;

    private static final long LOOK_MILLIS = 100;

    /** A terminal or a disk that hangs does not keep jspy from ending. */
    private static final long ORDER_TAKES_AT_MOST_MILLIS = 2000;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "jspy-stop");
    private final List<Runnable> lastActions = new CopyOnWriteArrayList<>();
    private volatile Recording recording;
    private volatile LaunchedProgram program;
    private volatile boolean came;
    private volatile int exitCode = CommandException.FAILED;

    StopOnSignal() {
        Signals.heedInterrupt();
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From now on a signal reaches this program, too. */
    void passesOnTo(LaunchedProgram launched) {
        program = launched;
    }

    /** From now on a signal ends this recording; before there is one, it ends jspy. */
    void stops(Recording newRecording) {
        recording = newRecording;
        if (came) {
            newRecording.stop();
        }
    }

    /**
     * What is done before a signal ends the virtual machine, also when that which would have done
     * it in time is given up: it may be done twice.
     */
    void before(Runnable action) {
        lastActions.add(action);
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
            boolean ended = done.await(ONE_SIGNAL_MILLIS, TimeUnit.MILLISECONDS);
            int interrupts = interrupts();
            passOn(interrupts > 0);
            if (recording == null && !ended) {
                exitCode = interrupts > 0 ? INTERRUPTED : TERMINATED;
                ended = true;
            }
            while (!ended && !done.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                if (interrupts() > interrupts) {
                    Messages.say("interrupted again: given up");
                    exitCode = INTERRUPTED;
                    ended = true;
                }
            }
        } catch (InterruptedException e) {
            // nobody interrupts a hook; halting is all that is left
        }
        leaveInOrder();
        System.err.flush();
        Runtime.getRuntime().halt(exitCode);
    }

    private void leaveInOrder() {
        Thread order = Thread.ofPlatform().daemon().start(() -> lastActions.forEach(Runnable::run));
        try {
            order.join(ORDER_TAKES_AT_MOST_MILLIS);
        } catch (InterruptedException e) {
            // nobody interrupts a hook
        }
    }

    private void passOn(boolean interrupt) {
        LaunchedProgram launched = program;
        if (launched != null && launched.isAlive() && !(interrupt && Terminal.sendsKeys())) {
            launched.signal(interrupt ? LaunchedProgram.INT : LaunchedProgram.TERM);
        }
    }

    /**
     * How many INTs came. A hook is not told why it runs, but each signal has a thread of the
     * virtual machine, which waits for the hooks and is named like this.
     */
    private static int interrupts() {
        return (int)
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("SIGINT handler"))
                        .count();
    }
}
