package jspy.sample;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.memory.WorkingSet;
import jspy.python.ProcessStacks;
import jspy.python.ThreadStack;

import java.util.function.IntSupplier;

/**
 * Reads stacks from wherever the calling thread is, without any proof: to find out which memory
 * they are in ({@link #warm}), or twice in one call, so that the part on which both copies agree is
 * certain. Sampler thread; allocates while its buffers grow.
 */
final class StackFollower {
    /** What is read of a process. */
    interface Subject {
        /** Adds the words that are read besides the frames; how many ranges that makes. */
        int addWords();

        /** The words that {@link #addWords} added last were read. */
        void takeWords();

        /**
         * Walks what was copied.
         *
         * @param copyBias where the copy lies, from the first one
         * @param resume goes on where frames were missed
         */
        void walk(ProcessStacks into, long copyBias, boolean resume);

        /** Goes to another core than the target's. */
        void leave();
    }

    /** Rounds to follow a cold, deep stack. */
    private static final int MAX_WARM_ROUNDS = 20_000;

    /** Copied ranges beyond the sorted ones before the list is built anew. */
    private static final int WARM_ROUNDS_A_LIST = 64;

    private static final int MAX_TWO_COPY_ROUNDS = 16;

    /** Enough for the first compiler; bounded in time for stacks that are slow to walk. */
    private static final int REHEARSALS = 250;

    private static final long REHEARSAL_NANOS = 50_000_000;

    private final TargetMemory memory;
    private final ReadList list;
    private final WorkingSet set;
    private final Subject subject;
    private final ProcessStacks stacks;
    private final ProcessStacks again = new ProcessStacks();
    private final SampleCounters counters;
    private int[] agreed = new int[16];
    private long stride; // from the first copy to the second

    StackFollower(
            TargetMemory memory,
            ReadList list,
            WorkingSet set,
            Subject subject,
            ProcessStacks stacks,
            SampleCounters counters) {
        this.memory = memory;
        this.list = list;
        this.set = set;
        this.subject = subject;
        this.stacks = stacks;
        this.counters = counters;
    }

    /** The second copy of {@link #readTwice}. */
    ProcessStacks again() {
        return again;
    }

    /** After {@link #compare}: the frames at the root of a thread on which both copies agree. */
    int agreed(int index) {
        return agreed[index];
    }

    /**
     * Follows every stack to its bottom, from another core than the target's, so that the next read
     * finds it in its set. {@link StackSource#NOT_WARM} or a failure.
     */
    int warm() {
        subject.leave();
        set.pardon();
        int rounds = 0;
        while (rounds < MAX_WARM_ROUNDS) {
            int status = readList(false);
            if (status == 0) {
                rounds++;
                continue;
            }
            if (status < 0) {
                return status;
            }
            subject.walk(stacks, 0, false);
            int until = rounds + WARM_ROUNDS_A_LIST;
            while (set.wanted() > 0 && rounds++ < until) {
                int missed = readMissed();
                if (missed < 0) {
                    return missed;
                }
                subject.walk(stacks, 0, true);
            }
            if (set.wanted() == 0) {
                break;
            }
        }
        return StackSource.NOT_WARM;
    }

    /**
     * The whole set twice in one call: {@link StackSource#TWO_COPIES}, to be {@linkplain #compare
     * compared}, or a failure.
     */
    int readTwice() {
        set.pardon();
        boolean walked = false;
        boolean warmed = false;
        for (int round = 0; ; round++) {
            if (round == MAX_TWO_COPY_ROUNDS) {
                if (warmed) {
                    break;
                }
                int status = warm(); // a stack that is too deep to be followed by whole lists
                if (status < 0) {
                    return status;
                }
                warmed = true;
                round = 0;
            }
            int status = readList(true);
            if (status == 0) {
                continue;
            }
            if (status < 0) {
                return status;
            }
            walked = true;
            subject.walk(stacks, 0, false);
            subject.walk(again, stride, false);
            if (set.wanted() == 0) {
                break;
            }
            set.addWanted();
            counters.add(SampleCounters.MISSES, 1);
        }
        return walked ? StackSource.TWO_COPIES : StackSource.FAILED;
    }

    /** Finds out how far the two copies agree; what was kept needs no second one. */
    void compare() {
        if (agreed.length < stacks.count()) {
            agreed = new int[stacks.count() * 2];
        }
        for (int i = 0; i < stacks.count(); i++) {
            ThreadStack one = stacks.thread(i);
            ThreadStack other = again.find(one.threadState());
            if (one.isKept()) {
                agreed[i] = one.depth();
            } else {
                agreed[i] = other == null ? 0 : one.agreedWith(other);
            }
        }
    }

    /** Reads for a while, so that what runs on the target's core from then on is compiled. */
    static void rehearse(IntSupplier read) {
        long until = System.nanoTime() + REHEARSAL_NANOS;
        for (int i = 0; i < REHEARSALS && System.nanoTime() < until; i++) {
            if (read.getAsInt() < 0) {
                return;
            }
        }
    }

    /** The status of a read that gave none. */
    static int failure(int status) {
        return status == TargetMemory.GONE ? StackSource.GONE : StackSource.FAILED;
    }

    // internals

    /** Positive: the set was read in full; 0: less of it is mapped, once more; else a failure. */
    private int readList(boolean twice) {
        list.clear();
        int words = subject.addWords();
        set.addTo();
        stride = twice ? set.addAgain() : 0;
        int read = memory.readAll(list, 0);
        counters.add(SampleCounters.READS, 1);
        if (read < 0 || read < words) {
            return failure(read);
        }
        if (read < list.count()) {
            set.forget(read);
            return 0;
        }
        subject.takeWords();
        return 1;
    }

    /** Reads what the last walk wanted, as far as it is there; negative: nothing can be read. */
    private int readMissed() {
        int first = list.count();
        set.addWanted();
        int read = memory.readAll(list, first);
        counters.add(SampleCounters.READS, 1);
        if (read >= 0 && read < list.count()) {
            set.forget(read);
        }
        return read < 0 ? failure(read) : read;
    }
}
