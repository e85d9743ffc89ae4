package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.PageCopies;
import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.memory.WorkingSet;
import jspy.process.StillnessProof;
import jspy.python.FrameWalker;
import jspy.python.GilWords;
import jspy.python.ProcessStacks;
import jspy.python.ThreadStack;

import java.util.concurrent.locks.LockSupport;

/**
 * Reads the stacks of all threads under one GIL, proved: one gathered read from the core of the
 * GIL's holder, with the GIL's words and the proof's first and last. What it could not prove it
 * reads twice in one call, so that the part on which both copies agree is certain. The measurements
 * behind this are in docs/design.md, section 3.
 *
 * <p>One sampler thread. Allocates while its buffers grow and for code objects met for the first
 * time, else nothing.
 */
final class StackReader implements StackSource {
    /** Not proved: look where the holder is and read again. Internal, as the status of one try. */
    private static final int AGAIN = 3;

    /** A range that was wanted is not mapped; what was read before it is there. Internal. */
    private static final int FAULTED = 4;

    /** A stack that is still none after so many tries is reported as far as it goes. */
    private static final int MAX_SETTLES = 4;

    /** For how long a thread that is between two frames is let go on. */
    private static final long SETTLE_NANOS = 10_000;

    /**
     * Following the holder is given up after as many reads: two threads that hand the GIL over need
     * two or three.
     */
    private static final int MAX_TRIES = 8;

    /**
     * Further calls for missed frames while the holder waits, 2–3 µs each. More are made elsewhere.
     */
    private static final int MAX_MISS_ROUNDS = 24;

    private final TargetMemory memory;
    private final ReadList list = new ReadList(1024, 256 * 1024);
    private final WorkingSet wholeSet = new WorkingSet(list);
    private final WorkingSet holderSet = new WorkingSet(list);
    private final FrameWalker wholeWalker;
    private final FrameWalker holderWalker;
    private WorkingSet set = wholeSet; // the one in use: of all threads, or of the holder alone
    private FrameWalker walker;
    private final GilWords gil;
    private final StillnessProof proof;
    private final NewCodes codes;
    private final SampleCounters counters;
    private final boolean follow;
    private final HolderAlone skip = new HolderAlone();
    private final StackFollower follower;

    private final long[] interpreters;
    private final ProcessStacks stacks = new ProcessStacks();

    private PageCopies alongside; // null: nothing but stacks

    private long gilAt;
    private long proofAt;
    private int still; // what the proof said right after the last read

    /**
     * @param proof where it can prove the sampler sits on the holder's core; else it reads from
     *     where it is, twice
     */
    StackReader(
            TargetMemory memory,
            Offsets offsets,
            int instructionUnits,
            long[] interpreters,
            GilWords gil,
            StillnessProof proof,
            CodeTable codes,
            SampleCounters counters) {
        this.memory = memory;
        this.interpreters = interpreters;
        this.gil = gil;
        this.proof = proof;
        this.codes = new NewCodes(memory, offsets, codes, counters);
        this.counters = counters;
        follow = proof.proves();
        wholeWalker = new FrameWalker(offsets, instructionUnits, wholeSet);
        holderWalker = new FrameWalker(offsets, instructionUnits, holderSet);
        walker = wholeWalker;
        follower = new StackFollower(memory, list, wholeSet, new Whole(), stacks, counters);
    }

    @Override
    public boolean readAlso(PageCopies pages) {
        alongside = pages;
        return true;
    }

    @Override
    public ProcessStacks stacks() {
        return stacks;
    }

    @Override
    public boolean isHolder(ThreadStack thread) {
        return gil.isHeld() && thread.threadState() == gil.lastHolder();
    }

    @Override
    public int agreedFrames(int index) {
        return follower.agreed(index);
    }

    @Override
    public boolean isProved(int index) {
        return false;
    }

    @Override
    public String provedHow() {
        return follow ? proof.how() : "";
    }

    @Override
    public boolean isBest(int status) {
        return status == PROVED || status == TWO_COPIES && !follow;
    }

    @Override
    public boolean settle() {
        return proof.settle();
    }

    @Override
    public void close() {
        proof.release();
        proof.settle();
    }

    @Override
    public int read() {
        codes.beginSample();
        if (follow) {
            for (int tries = 0; tries < MAX_TRIES; tries++) {
                int status = readOnce();
                if (status == PROVED && tries < MAX_SETTLES && !stacks.areWhole()) {
                    LockSupport.parkNanos(SETTLE_NANOS);
                    status = AGAIN;
                }
                if (status != AGAIN) {
                    return status;
                }
                counters.add(SampleCounters.RETRIED, 1);
                codes.beginSample();
            }
        }
        return readTwice();
    }

    @Override
    public void rehearse() {
        StackFollower.rehearse(this::readTwice);
    }

    // internals

    /** All threads and the GIL's words, for reads that prove nothing. */
    private final class Whole implements StackFollower.Subject {
        @Override
        public int addWords() {
            gilAt = gil.addTo(list);
            return 1;
        }

        @Override
        public void takeWords() {
            gil.take(list.buffer(), gilAt);
        }

        @Override
        public void walk(ProcessStacks into, long copyBias, boolean resume) {
            wholeWalker.walk(interpreters, interpreters.length, into, copyBias, resume);
        }

        @Override
        public void leave() {
            useWhole();
            if (follow) {
                proof.leave();
            }
        }
    }

    private void useWhole() {
        set = wholeSet;
        walker = wholeWalker;
    }

    private int readOnce() {
        boolean alone = alongside == null && skip.isEnough(gil, stacks.count());
        set = alone ? holderSet : wholeSet;
        walker = alone ? holderWalker : wholeWalker;
        int status = readOnce(alone);
        proof.release();
        if (status != PROVED) {
            skip.failed();
        } else if (alone) {
            skip.provedAlone();
        } else {
            skip.provedWhole(gil, stacks.find(gil.lastHolder()) != null && stacks.areWhole());
        }
        return status;
    }

    private int readOnce(boolean alone) {
        long aimed = gil.lastHolder();
        ThreadStack thread = stacks.find(aimed);
        if (thread == null && (aimed != 0 || stacks.count() == 0)) {
            int status = follower.warm(); // a holder never seen: find its thread first
            thread = stacks.find(gil.lastHolder());
            if (status < 0 || thread == null && gil.isHeld()) {
                return status < 0 ? status : AGAIN;
            }
            aimed = gil.lastHolder();
        }
        proof.aim(thread == null ? 0 : thread.ident(), thread == null ? 0 : thread.nativeId());
        list.clear();
        long firstGil = gil.addTo(list);
        long firstProof = proof.addTo(list);
        set.addTo();
        proof.begin();
        int status = readFrom(0, thread != null);
        if (status != PROVED) {
            return status == FAULTED ? AGAIN : status;
        }
        proof.first(list.buffer(), firstProof);
        gil.take(list.buffer(), firstGil);
        if (thread != null) {
            if (still == StillnessProof.ELSEWHERE) {
                return proof.follow() ? AGAIN : readTwice();
            }
            if (still == StillnessProof.UNKNOWN) {
                return readTwice();
            }
        }
        if (gil.lastHolder() != aimed) {
            return AGAIN;
        }
        if (alone && skip.isOverrun(gil)) {
            return AGAIN;
        }
        set.pardon();
        walk(alone, thread, false);
        for (int rounds = 0; set.wanted() > 0 || status == FAULTED; rounds++) {
            if (rounds == MAX_MISS_ROUNDS) {
                int warmed = follower.warm();
                return warmed < 0 ? warmed : AGAIN;
            }
            counters.add(SampleCounters.MISSES, 1);
            int first = list.count();
            set.addWanted();
            status = readFrom(first, thread != null);
            if (status != PROVED && status != FAULTED) {
                return status;
            }
            walk(alone, thread, true);
        }
        return copyNewCodes(thread);
    }

    private void walk(boolean alone, ThreadStack thread, boolean resume) {
        if (alone) {
            walker.walkOne(thread, resume);
        } else {
            walker.walk(interpreters, interpreters.length, stacks, 0, resume);
        }
    }

    /**
     * Copies code objects met for the first time while their thread stands still, then gives the
     * verdict on it all.
     */
    private int copyNewCodes(ThreadStack thread) {
        for (int batch = 0; requestCodes(); batch++) {
            if (batch == NewCodes.MAX_BATCHES) {
                return NOT_WARM;
            }
            codes.copy();
            int status = readFrom(list.count(), thread != null);
            if (status == PROVED) {
                status = verdict(thread);
            }
            if (status != PROVED) {
                return status == FAULTED ? AGAIN : status;
            }
            codes.publish(true);
        }
        int verdict = verdict(thread);
        if (verdict == PROVED && alongside != null) {
            verdict = readAlongside(thread);
        }
        for (int t = 0; t < stacks.count() && verdict == PROVED; t++) {
            codes.resolve(stacks.thread(t));
        }
        return verdict;
    }

    private int readAlongside(ThreadStack thread) {
        int first = list.count();
        alongside.addTo(list);
        proofAt = thread != null ? proof.addTo(list) : -1;
        gilAt = gil.addTo(list);
        int read = memory.readAll(list, first);
        counters.add(SampleCounters.READS, 1);
        if (read < 0) {
            return StackFollower.failure(read);
        }
        if (read < list.count()) {
            alongside.forget(list, read);
            return AGAIN;
        }
        if (thread != null) {
            still = proof.end(list.buffer(), proofAt);
        }
        int verdict = verdict(thread);
        if (verdict == PROVED) {
            alongside.take(list);
        }
        return verdict;
    }

    /** Whether the words read last show that nothing changed since those read first. */
    private int verdict(ThreadStack thread) {
        if (!gil.same(list.buffer(), gilAt)) {
            gil.take(list.buffer(), gilAt);
            return AGAIN;
        }
        if (thread == null) {
            return gil.isHeld()
                    ? AGAIN
                    : PROVED; // no thread has run Python under this GIL that still lives
        }
        return still == StillnessProof.STOOD_STILL ? PROVED : AGAIN;
    }

    /**
     * Reads the list from a range on, closed by the proof's words and the GIL's. PROVED stands for
     * "read in full".
     */
    private int readFrom(int first, boolean withProof) {
        proofAt = withProof ? proof.addTo(list) : -1;
        gilAt = gil.addTo(list);
        int read = memory.readAll(list, first);
        counters.add(SampleCounters.READS, 1);
        if (read < 0) {
            return StackFollower.failure(read);
        }
        if (read < list.count()) {
            set.forget(read);
            return FAULTED;
        }
        if (withProof) {
            still = proof.end(list.buffer(), proofAt); // now: the walk may take its time
        }
        return PROVED;
    }

    /** What both of two copies show is certain, from the root up to where they differ. */
    private int readTwice() {
        useWhole();
        skip.failed();
        int status = follower.readTwice();
        if (status == TWO_COPIES) {
            codes.copyUnproved(stacks);
            follower.compare();
        }
        return status;
    }

    /** Puts code objects that have no number yet into a batch; false when there are none. */
    private boolean requestCodes() {
        codes.clear();
        for (int t = 0; t < stacks.count(); t++) {
            ThreadStack thread = stacks.thread(t);
            codes.recheck(thread);
            if (!thread.isResolved() && !codes.request(thread)) {
                break;
            }
        }
        return codes.requested() > 0;
    }
}
