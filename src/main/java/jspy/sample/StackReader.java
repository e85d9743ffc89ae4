package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.PageCopies;
import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.memory.WorkingSet;
import jspy.process.StillnessProof;
import jspy.python.CodeCopier;
import jspy.python.FrameWalker;
import jspy.python.GilWords;
import jspy.python.ProcessStacks;
import jspy.python.RawCode;
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

    /** Rounds to follow a cold, deep stack on another core than the target's. */
    private static final int MAX_WARM_ROUNDS = 20_000;

    /** Copied ranges beyond the sorted ones before the list is built anew. */
    private static final int WARM_ROUNDS_A_LIST = 64;

    private static final int MAX_TWO_COPY_ROUNDS = 16;

    /** Enough for the first compiler; bounded in time for stacks that are slow to walk. */
    private static final int REHEARSALS = 250;

    private static final long REHEARSAL_NANOS = 50_000_000;

    /** With fewer threads reading all of them costs no more than looking whether it is needed. */
    private static final int MIN_THREADS_TO_SKIP = 3;

    /** All threads are read again after so many samples, whatever the GIL's words say. */
    private static final int MAX_SAMPLES_SINCE_WHOLE = 100;

    /**
     * Where the GIL changes hands all the time, the holder alone is tried every so many samples.
     */
    private static final int MAX_PAUSE = 63;

    /**
     * Batches of new code objects in one sample: some 0.1 ms each while the target waits. The rest
     * follows a moment later.
     */
    private static final int MAX_CODE_BATCHES = 16;

    /** The same for a sample that nobody waits for. */
    private static final int MAX_UNPROVED_CODE_BATCHES = 256;

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
    private final CodeTable codes;
    private final CodeCopier copier;
    private final SampleCounters counters;
    private final boolean follow;

    private final long[] interpreters;
    private final ProcessStacks stacks = new ProcessStacks();
    private final ProcessStacks again = new ProcessStacks();
    private int[] agreed = new int[16];

    private PageCopies alongside; // null: nothing but stacks

    private long gilAt;
    private long proofAt;
    private int still; // what the proof said right after the last read

    // the last proved reading of all threads: while the GIL's words stay, none but the holder has
    // run
    private boolean wholeProved;
    private long wholeHolder;
    private long wholeSwitches;
    private int samplesSinceWhole;
    private int pause; // samples before the holder alone is tried again
    private int lastPause;

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
        this.codes = codes;
        this.counters = counters;
        follow = proof.proves();
        wholeWalker = new FrameWalker(offsets, instructionUnits, wholeSet);
        holderWalker = new FrameWalker(offsets, instructionUnits, holderSet);
        walker = wholeWalker;
        copier = new CodeCopier(memory, offsets);
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
        return agreed[index];
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
    public int read() {
        codes.beginSample();
        if (follow) {
            for (int tries = 0; tries < MAX_TRIES; tries++) {
                int status = readOnce();
                if (status == PROVED && tries < MAX_SETTLES && unsettled()) {
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

    /**
     * Follows every stack to its bottom, from another core than the target's, so that the next read
     * finds it in its set.
     */
    int warm() {
        useWhole();
        if (follow) {
            proof.leave();
        }
        set.pardon();
        int rounds = 0;
        while (rounds < MAX_WARM_ROUNDS) {
            list.clear();
            gilAt = gil.addTo(list);
            set.addTo();
            int read = memory.readAll(list, 0);
            counters.add(SampleCounters.READS, 1);
            if (read <= 0) {
                return failure(read);
            }
            if (read < list.count()) {
                set.forget(read);
                rounds++;
                continue;
            }
            gil.take(list.buffer(), gilAt);
            walker.walk(interpreters, interpreters.length, stacks, 0, false);
            int until = rounds + WARM_ROUNDS_A_LIST;
            while (set.wanted() > 0 && rounds++ < until) {
                int status = readMissed();
                if (status < 0) {
                    return status;
                }
                walker.walk(interpreters, interpreters.length, stacks, 0, true);
            }
            if (set.wanted() == 0) {
                break;
            }
        }
        return NOT_WARM;
    }

    @Override
    public void rehearse() {
        long until = System.nanoTime() + REHEARSAL_NANOS;
        for (int i = 0; i < REHEARSALS && System.nanoTime() < until; i++) {
            if (readTwice() < 0) {
                return;
            }
        }
    }

    // internals

    private boolean unsettled() {
        for (int t = 0; t < stacks.count(); t++) {
            if (stacks.thread(t).status() != ThreadStack.COMPLETE) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether to read the holder alone. A thread cannot run Python without taking the GIL, which
     * changes who held it last and how often it changed hands; while those words stand, the stacks
     * of all other threads are what they were.
     */
    private boolean holderAlone() {
        if (!wholeProved
                || alongside != null
                || stacks.count() < MIN_THREADS_TO_SKIP
                || gil.lastHolder() != wholeHolder
                || gil.switches() != wholeSwitches
                || ++samplesSinceWhole > MAX_SAMPLES_SINCE_WHOLE) {
            return false;
        }
        return pause == 0 || pause-- == 0;
    }

    private void useWhole() {
        set = wholeSet;
        walker = wholeWalker;
    }

    private int readOnce() {
        boolean alone = holderAlone();
        set = alone ? holderSet : wholeSet;
        walker = alone ? holderWalker : wholeWalker;
        int status = readOnce(alone);
        if (status == PROVED && !alone) {
            wholeProved = stacks.find(gil.lastHolder()) != null && !unsettled();
            wholeHolder = gil.lastHolder();
            wholeSwitches = gil.switches();
            samplesSinceWhole = 0;
        } else if (status == PROVED) {
            lastPause = 0;
        } else {
            wholeProved = false;
        }
        return status;
    }

    private int readOnce(boolean alone) {
        long aimed = gil.lastHolder();
        ThreadStack thread = stacks.find(aimed);
        if (thread == null && (aimed != 0 || stacks.count() == 0)) {
            int status = warm(); // a holder never seen: find its thread first
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
        if (alone && gil.switches() != wholeSwitches) {
            lastPause = Math.min(MAX_PAUSE, lastPause * 2 + 1);
            pause = lastPause;
            return AGAIN;
        }
        set.pardon();
        walk(alone, thread, false);
        for (int rounds = 0; set.wanted() > 0 || status == FAULTED; rounds++) {
            if (rounds == MAX_MISS_ROUNDS) {
                int warmed = warm();
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
            if (batch == MAX_CODE_BATCHES) {
                return NOT_WARM;
            }
            copier.copy();
            counters.add(SampleCounters.READS, CodeCopier.READS_A_BATCH);
            int status = readFrom(list.count(), thread != null);
            if (status == PROVED) {
                status = verdict(thread);
            }
            if (status != PROVED) {
                return status == FAULTED ? AGAIN : status;
            }
            publishCodes(true);
        }
        int verdict = verdict(thread);
        if (verdict == PROVED && alongside != null) {
            verdict = readAlongside(thread);
        }
        for (int t = 0; t < stacks.count() && verdict == PROVED; t++) {
            stacks.thread(t).resolve();
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
            return failure(read);
        }
        if (read < list.count()) {
            alongside.forget(list, read);
            return AGAIN;
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
            return failure(read);
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

    /**
     * The whole set twice in one call. What both copies show is certain, from the root up to where
     * they differ.
     */
    private int readTwice() {
        useWhole();
        set.pardon();
        wholeProved = false;
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
            list.clear();
            gilAt = gil.addTo(list);
            set.addTo();
            long stride = set.addAgain();
            int read = memory.readAll(list, 0);
            counters.add(SampleCounters.READS, 1);
            if (read <= 0) {
                return failure(read);
            }
            if (read < list.count()) {
                set.forget(read);
                continue;
            }
            gil.take(list.buffer(), gilAt);
            walker.walk(interpreters, interpreters.length, stacks, 0, false);
            walker.walk(interpreters, interpreters.length, again, stride, false);
            walked = true;
            if (set.wanted() == 0) {
                break;
            }
            set.addWanted();
            counters.add(SampleCounters.MISSES, 1);
        }
        if (!walked) {
            return FAILED;
        }
        copyUnprovedCodes();
        compare();
        return TWO_COPIES;
    }

    /** As many as there are: nobody waits for it. */
    private void copyUnprovedCodes() {
        for (int batch = 0; batch < MAX_UNPROVED_CODE_BATCHES && requestCodes(); batch++) {
            copier.copy();
            counters.add(SampleCounters.READS, CodeCopier.READS_A_BATCH);
            if (publishCodes(false) == 0) {
                return;
            }
        }
    }

    private void compare() {
        if (agreed.length < stacks.count()) {
            agreed = new int[stacks.count() * 2];
        }
        for (int i = 0; i < stacks.count(); i++) {
            ThreadStack one = stacks.thread(i);
            ThreadStack other = again.find(one.threadState());
            agreed[i] = other == null ? 0 : one.agreedWith(other);
        }
    }

    /**
     * Puts code objects that have no number yet into the copier's batch; false when there are none.
     */
    private boolean requestCodes() {
        copier.clear();
        for (int t = 0; t < stacks.count(); t++) {
            ThreadStack thread = stacks.thread(t);
            for (int i = 0; i < thread.depth() && !thread.isResolved(); i++) {
                if (codes.find(thread.code(i)) == CodeTable.UNKNOWN
                        && !copier.request(thread.code(i))) {
                    return true;
                }
            }
        }
        return copier.requested() > 0;
    }

    /**
     * Gives the copied codes their numbers; how many. {@code proved}: what is no code object is
     * none, and need not be asked again.
     */
    private int publishCodes(boolean proved) {
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

    private static int failure(int status) {
        return status == TargetMemory.GONE ? GONE : FAILED;
    }
}
