package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.TargetMemory;
import jspy.python.CodeCopier;
import jspy.python.ProcessStacks;
import jspy.python.RawCode;
import jspy.python.ThreadStack;

/**
 * Copies the code objects that stacks show for the first time, a batch at a time, and gives them
 * their numbers. Sampler thread; allocates for what is new alone.
 */
final class NewCodes {
    /**
     * Batches in one proved sample: some 0.1 ms each while the target waits. The rest follows a
     * moment later.
     */
    static final int MAX_BATCHES = 16;

    /** The same for a sample that nobody waits for. */
    private static final int MAX_UNPROVED_BATCHES = 256;

    private final CodeTable codes;
    private final CodeCopier copier;
    private final SampleCounters counters;

    NewCodes(TargetMemory memory, Offsets offsets, CodeTable codes, SampleCounters counters) {
        this.codes = codes;
        this.counters = counters;
        copier = new CodeCopier(memory, offsets);
    }

    /** A new reading begins. */
    void beginSample() {
        codes.beginSample();
    }

    /** Begins a batch. */
    void clear() {
        copier.clear();
    }

    /**
     * Puts the code objects of a stack that have no number yet into the batch; false: it is full.
     */
    boolean request(ThreadStack thread) {
        int unsettled = thread.depth() - thread.known().settled();
        for (int i = 0; i < unsettled; i++) {
            if (codes.find(thread.code(i)) == CodeTable.UNKNOWN
                    && !copier.request(thread.code(i))) {
                return false;
            }
        }
        return true;
    }

    /** What is known of a stack's codes holds no more if one of them was found replaced. */
    void recheck(ThreadStack thread) {
        thread.codesChanged(codes.changes());
    }

    /**
     * All code objects of a stack are known: it is resolved. What of it, from the root up, has
     * numbers for good need not be looked up again as long as it stays.
     */
    void resolve(ThreadStack thread) {
        thread.resolve();
        int settled = thread.known().settled();
        while (settled < thread.depth() && codes.lasts(thread.code(thread.depth() - 1 - settled))) {
            settled++;
        }
        thread.known().settle(settled);
    }

    /** How many code objects the batch has. */
    int requested() {
        return copier.requested();
    }

    /** Copies the batch. It counts once {@link #publish} was called. */
    void copy() {
        copier.copy();
        counters.add(SampleCounters.READS, CodeCopier.READS_A_BATCH);
    }

    /**
     * Gives the copied codes their numbers; how many. {@code proved}: what is no code object is
     * none, and need not be asked again.
     */
    int publish(boolean proved) {
        int published = 0;
        for (int i = 0; i < copier.requested(); i++) {
            RawCode code = copier.take(i);
            if (code != null || proved) {
                codes.add(copier.address(i), code);
                published++;
            }
        }
        return published;
    }

    /** All that is new in these stacks, but for those that were proved: nobody waits for it. */
    void copyUnproved(ProcessStacks stacks) {
        for (int batch = 0; batch < MAX_UNPROVED_BATCHES && requestUnproved(stacks); batch++) {
            copy();
            if (publish(false) == 0) {
                return;
            }
        }
    }

    // internals

    private boolean requestUnproved(ProcessStacks stacks) {
        clear();
        for (int t = 0; t < stacks.count(); t++) {
            ThreadStack thread = stacks.thread(t);
            if (!thread.isKept() && !request(thread)) {
                break;
            }
        }
        return requested() > 0;
    }
}
