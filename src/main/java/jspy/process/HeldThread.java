package jspy.process;

import jspy.os.LinuxKernel;

/**
 * One thread of the target that stands still while memory is read: one that runs is stopped by
 * ptrace, one that sleeps is left alone and watched, as a stop would end its system call and have
 * it made again. The platform thread that made it; nothing is allocated.
 */
final class HeldThread {
    private final ThreadStates states;
    private final ThreadStopper stopper;
    private int thread;
    private boolean asleep;
    private boolean asked;
    private boolean stopped;
    private int refusal;
    private long switches;

    HeldThread(LinuxKernel kernel, ThreadStates states) {
        this.states = states;
        stopper = new ThreadStopper(kernel);
    }

    /** Begins to hold a thread, whatever was held before: then {@link #arrive}. */
    void ask(int newThread) {
        release();
        thread = newThread;
        // the count is read before the state: a thread that wakes in between has another one
        boolean counted = states.lookAtSchedule(thread) == ThreadStates.OK;
        switches = states.switches();
        boolean seen = states.look(thread) == ThreadStates.OK;
        asleep = counted && seen && states.state() != 'R';
        refusal = asleep ? ThreadStopper.STOPPED : stopper.ask(thread);
        asked = !asleep && refusal == ThreadStopper.STOPPED;
    }

    void arrive(long deadlineNanos) {
        if (asked) {
            asked = false;
            refusal = stopper.arrive(deadlineNanos);
            stopped = refusal == ThreadStopper.STOPPED;
        }
    }

    /** Whether it has not run since {@link #arrive}. */
    boolean stoodStill() {
        return stopped
                || asleep
                        && states.lookAtSchedule(thread) == ThreadStates.OK
                        && states.switches() == switches;
    }

    /** Whether it is of no use to try again. */
    boolean isDenied() {
        return refusal == ThreadStopper.DENIED;
    }

    boolean hasEnded() {
        return refusal == ThreadStopper.ENDED;
    }

    void release() {
        arrive(0); // of one that was asked and never awaited
        stopper.resume();
        stopped = false;
        asleep = false;
    }

    /** As {@link StillnessProof#settle}. */
    boolean settle() {
        if (stopper.lateThreads() > 0) {
            stopper.settle();
        }
        return stopper.lateThreads() == 0;
    }
}
