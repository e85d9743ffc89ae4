package jspy.sample;

import jspy.python.ProcessStacks;
import jspy.python.ThreadStack;

import java.util.Arrays;

/**
 * What is known of each thread in one sample, and which core is to be visited next for those that
 * are not proved yet. One sampler thread; allocates for threads met for the first time.
 */
final class VisitedThreads {
    /** A core is visited again for threads that went there meanwhile. */
    private static final int MAX_VISITS_A_CORE = 3;

    /** A thread and what is known of it in this sample. */
    static final class Seen {
        static final int UNKNOWN = -2;

        final ThreadStack thread;
        final long ident;
        int core = UNKNOWN;
        int number = -1; // in this read's ThreadCores
        boolean still;
        boolean proved;

        Seen(ThreadStack thread) {
            this.thread = thread;
            ident = thread.ident();
        }
    }

    private final ProcessStacks stacks;
    private Seen[] seen = new Seen[16]; // by slot
    private int[] visits = new int[16]; // by core, in this sample
    private int[] waiting = new int[16]; // by core: threads to be proved there

    VisitedThreads(ProcessStacks stacks) {
        this.stacks = stacks;
    }

    int count() {
        return stacks.count();
    }

    /** Of thread {@code index} of the last walk. */
    Seen get(int index) {
        return of(stacks.thread(index));
    }

    Seen of(ThreadStack thread) {
        int slot = thread.slot();
        if (slot >= seen.length) {
            seen = Arrays.copyOf(seen, Math.max(slot + 1, seen.length * 2));
        }
        Seen one = seen[slot];
        if (one == null || one.thread != thread || one.ident != thread.ident()) {
            one = new Seen(thread);
            seen[slot] = one;
        }
        return one;
    }

    /** A new sample: nothing is proved, no core was visited. */
    void beginSample() {
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            one.proved = false;
            one.thread.keep(false);
        }
        Arrays.fill(visits, 0);
    }

    void countVisit(int core) {
        makeRoomFor(core);
        visits[core]++;
    }

    /** A core that cannot be gone to. */
    void giveUp(int core) {
        visits[core] = MAX_VISITS_A_CORE;
    }

    /** The core on which most threads wait to be proved, those not visited yet first; or -1. */
    int mostAwaited() {
        Arrays.fill(waiting, 0);
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            if (!one.proved && one.core >= 0) {
                makeRoomFor(one.core);
                waiting[one.core]++;
            }
        }
        int best = -1;
        for (int core = 0; core < waiting.length; core++) {
            if (waiting[core] > 0
                    && visits[core] < MAX_VISITS_A_CORE
                    && (best < 0
                            || visits[core] < visits[best]
                            || visits[core] == visits[best] && waiting[core] > waiting[best])) {
                best = core;
            }
        }
        return best;
    }

    boolean allProved() {
        for (int i = 0; i < count(); i++) {
            if (!get(i).proved) {
                return false;
            }
        }
        return count() > 0;
    }

    boolean anyUnknown() {
        for (int i = 0; i < count(); i++) {
            if (get(i).core == Seen.UNKNOWN) {
                return true;
            }
        }
        return false;
    }

    /** Whether a thread stood still that is not proved yet. */
    boolean anyStill() {
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            if (one.still && !one.proved) {
                return true;
            }
        }
        return false;
    }

    /** The thread states of one OS thread are of one moment, or none of them is good. */
    void judgeTogether() {
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            for (int j = 0; j < count() && one.still; j++) {
                Seen other = get(j);
                one.still = other.ident != one.ident || other.still;
            }
        }
    }

    /** Walks pass over what was proved already, and over what runs on. */
    void keepOthers() {
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            one.thread.keep(one.proved || !one.still);
        }
    }

    /** What stood still and was walked to its bottom is proved now. */
    void keepProved() {
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            one.proved =
                    one.proved && one.thread.isKept()
                            || one.still
                                    && !one.thread.isKept()
                                    && one.thread.status() == ThreadStack.COMPLETE;
            one.thread.keep(one.proved);
        }
    }

    /** Walks pass over what was proved, and over nothing else. */
    void keepProvedAlone() {
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            one.thread.keep(one.proved);
        }
    }

    /** What was walked anew since is proved no more. */
    void dropWalked() {
        for (int i = 0; i < count(); i++) {
            Seen one = get(i);
            one.proved &= one.thread.isKept();
        }
    }

    // internals

    private void makeRoomFor(int core) {
        if (core >= visits.length) {
            visits = Arrays.copyOf(visits, core * 2);
            waiting = Arrays.copyOf(waiting, core * 2);
        }
    }
}
