package jspy.python;

import java.util.Arrays;

/**
 * The stacks of all threads of a process, as one walk found them. Slots are given to threads in the
 * order they are met and taken over by a new thread once the old one has been gone for a walk.
 * Owned by the sampler thread.
 */
public final class ProcessStacks {
    /** More threads than any process has: a list this long is a loop. */
    public static final int MAX_THREADS = 1 << 16;

    private static final ThreadStack[] NONE = {};

    private ThreadStack[] slots = new ThreadStack[16];
    private int used;
    private int[] met =
            new int[16]; // slots of the threads of this walk, in the order of the interpreter's
    // list
    private int count;
    private int walked; // the same, with those that were joined to another
    private int guess;
    private int walk;

    /** Threads that the last walk met. */
    public int count() {
        return count;
    }

    /** The threads of the last walk, newest first as CPython lists them. */
    public ThreadStack thread(int index) {
        return slots[met[index]];
    }

    /** The thread of that thread state in the last walk, or null. */
    public ThreadStack find(long threadState) {
        for (int i = 0; i < count; i++) {
            ThreadStack thread = slots[met[i]];
            if (thread.threadState() == threadState) {
                return thread;
            }
        }
        return null;
    }

    /** Whether the last walk reached the bottom of every stack. */
    public boolean areWhole() {
        for (int i = 0; i < count; i++) {
            if (thread(i).status() != ThreadStack.COMPLETE) {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes one stack of those that belong to one OS thread: it has a thread state in each
     * interpreter that it has entered, and only the innermost one goes on. The others are counted
     * no more, until {@link #separateThreads}.
     */
    public void joinThreads() {
        for (int i = 0; i < count; i++) {
            int inner = i; // newest first: where nothing else is known the newer one is above
            for (int j = i + 1; j < count; j++) {
                if (thread(j).ident() == thread(i).ident() && !thread(inner).isAbove(thread(j))) {
                    inner = j;
                }
            }
            int first = met[i];
            met[i] = met[inner];
            met[inner] = first;
            joinBelow(i);
        }
    }

    /** Those that were joined to that stack, nearest first; none allocates nothing. */
    public ThreadStack[] below(ThreadStack inner) {
        ThreadStack[] below = NONE;
        for (int i = walked - 1; i >= count; i--) {
            ThreadStack other = slots[met[i]];
            if (other.ident() == inner.ident()) {
                below = Arrays.copyOf(below, below.length + 1);
                below[below.length - 1] = other;
            }
        }
        return below;
    }

    /** Counts all thread states again; the joined stacks stay joined until they are walked anew. */
    public void separateThreads() {
        count = walked;
    }

    // filled by the walker

    void beginWalk() {
        walk++;
        count = 0;
        walked = 0;
        guess = 0;
    }

    int walkNumber() {
        return walk;
    }

    /**
     * The slot of a thread state; null when this walk has met it already (a loop) or there are too
     * many.
     */
    ThreadStack meet(long threadState) {
        ThreadStack thread = lookUp(threadState);
        if (thread == null) {
            thread = place(threadState);
        } else if (thread.walk() == walk) {
            return null;
        }
        if (thread == null || count == MAX_THREADS) {
            return null;
        }
        if (count == met.length) {
            met = Arrays.copyOf(met, count * 2);
        }
        met[count++] = thread.slot();
        walked = count;
        return thread;
    }

    // internals

    /** Puts what else there is of a thread under its innermost stack, nearest first. */
    private void joinBelow(int inner) {
        while (true) {
            int next = -1;
            for (int j = inner + 1; j < count; j++) {
                if (thread(j).ident() == thread(inner).ident()
                        && (next < 0 || !thread(next).isAbove(thread(j)))) {
                    next = j;
                }
            }
            if (next < 0) {
                return;
            }
            thread(inner).standOn(thread(next));
            int below = met[next];
            System.arraycopy(met, next + 1, met, next, count - next - 1);
            met[--count] = below;
        }
    }

    private ThreadStack lookUp(long threadState) {
        if (guess < used && slots[guess].threadState() == threadState) {
            return slots[guess++];
        }
        for (int i = 0; i < used; i++) {
            if (slots[i].threadState() == threadState) {
                guess = i + 1;
                return slots[i];
            }
        }
        return null;
    }

    private ThreadStack place(long threadState) {
        int slot = used;
        for (int i = 0; i < used; i++) {
            if (slots[i].walk() < walk - 1) { // not met by the last walk nor, so far, by this one
                slot = i;
                break;
            }
        }
        if (slot == MAX_THREADS) {
            return null;
        }
        if (slot == used) {
            if (used == slots.length) {
                slots = Arrays.copyOf(slots, used * 2);
            }
            used++;
        }
        slots[slot] = new ThreadStack(threadState, slot);
        return slots[slot];
    }
}
