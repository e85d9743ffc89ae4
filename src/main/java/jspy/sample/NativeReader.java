package jspy.sample;

import jspy.memory.PageCopies;
import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.process.CoreSeat;
import jspy.process.TargetProcess;
import jspy.process.ThreadStates;
import jspy.process.ThreadStopper;
import jspy.python.ProcessStacks;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;
import jspy.unwind.Merge;
import jspy.unwind.NativeNames;
import jspy.unwind.NativeStackReader;
import jspy.unwind.UnwindEnd;

import java.io.IOException;
import java.util.Arrays;

/**
 * Reads threads with their native frames, one after the other: one that runs is stopped alone while
 * its registers, its stack and its Python frames are copied in one call; one that sleeps is read
 * without, proved by its switch count. A thread whose native frames cannot be had is read as any
 * other recording reads it, so that no sample is dropped.
 *
 * <p>One sampler thread, which must end soon after {@link #close}: see {@link ThreadStopper}. Once
 * it knows the threads it allocates nothing.
 */
final class NativeReader implements StackSource {
    /** A thread that moved on between its two stacks, or is between two frames, is read again. */
    private static final int MAX_READS = 3;

    /** As audio servers have it. */
    private static final int NICE = -11;

    /** The threads are listed again after so many samples, whatever the lists' heads say. */
    private static final int MAX_SAMPLES_SINCE_LISTED = 100;

    private final NativeSampling sampling;
    private final PythonRuntime runtime;
    private final TargetProcess process;
    private final TargetMemory memory;
    private final StackSource python;
    private final StillReader still;
    private final TargetThreads target;
    private final CodeTable codes;
    private final SampleCounters counters;
    private final CoreSeat seat;
    private final boolean skipsSleepers;
    private final boolean entersUnseen; // a thread's coming into an interpreter changes no list

    // made on the sampler thread
    private ThreadStates states;
    private ThreadStopper stopper;
    private NativeStackReader reader;
    private NativeNames names;
    private NativeStack stack;
    private PlainThreads plainOrNull; // null: threads without Python are not wanted

    private NativeThread[] threads = new NativeThread[16]; // by slot
    private boolean mustList = true;
    private int samplesSinceListed;
    private boolean isRehearsed;
    private boolean isAlone; // the last sample has threads with Python's frames alone

    /**
     * @param python finds the threads, and reads those whose native frames cannot be had
     * @param target of the sampler thread's own
     * @param interpreters how many there are
     * @param skipsSleepers threads that sleep are not wanted, but for one that holds the GIL
     */
    NativeReader(
            NativeSampling sampling,
            Attachment attachment,
            TargetMemory memory,
            StackSource python,
            StillReader still,
            TargetThreads target,
            CodeTable codes,
            SampleCounters counters,
            CoreSeat seat,
            int interpreters,
            boolean skipsSleepers) {
        this.sampling = sampling;
        this.memory = memory;
        this.python = python;
        this.still = still;
        this.target = target;
        this.codes = codes;
        this.counters = counters;
        this.seat = seat;
        this.skipsSleepers = skipsSleepers;
        runtime = attachment.runtime();
        process = attachment.process();
        entersUnseen = interpreters > 1 && !runtime.version().atLeast(3, 13);
    }

    @Override
    public int read() {
        if (reader == null && !open()) {
            return GONE;
        }
        boolean listed =
                mustList || entersUnseen || ++samplesSinceListed > MAX_SAMPLES_SINCE_LISTED;
        if (listed) {
            int status = list();
            if (status != 0) {
                return status;
            }
        } else {
            codes.beginSample();
        }
        still.begin();
        isAlone = false;
        for (int i = 0; i < stacks().count(); i++) {
            look(threadOf(stacks().thread(i)));
        }
        if (!still.hasRead()) {
            int status = still.readWords(false);
            if (status < 0) {
                return status;
            }
        }
        for (int i = 0; i < stacks().count(); i++) {
            NativeThread one = threadOf(stacks().thread(i));
            if (one.outcome == NativeThread.Outcome.SLEEPS && still.isHolder(one.python)) {
                read(one, true);
            }
            isAlone |= one.outcome == NativeThread.Outcome.FAILED;
        }
        if (plainOrNull != null) {
            plainOrNull.refresh(stacks(), this);
            for (int i = 0; i < plainOrNull.count(); i++) {
                look(plainOrNull.get(i));
            }
        }
        mustList |= still.headsChanged();
        if (listed) {
            // behind the first sample, which is not to wait, and for what the process loads later
            sampling.code().buildTables();
        }
        return still.isGone() ? GONE : isAlone ? readAlone() : PROVED;
    }

    @Override
    public void rehearse() {
        python.rehearse();
    }

    @Override
    public boolean readAlso(PageCopies pages) {
        return false;
    }

    @Override
    public ProcessStacks stacks() {
        return python.stacks();
    }

    @Override
    public int threads() {
        return stacks().count() + (plainOrNull == null ? 0 : plainOrNull.count());
    }

    @Override
    public ThreadStack thread(int index) {
        int plain = index - stacks().count();
        return plain < 0 ? stacks().thread(index) : plainOrNull.get(plain).python;
    }

    @Override
    public MergedStack merged(int index) {
        if (index >= stacks().count()) {
            return plainOrNull.get(index - stacks().count()).merged;
        }
        NativeThread one = ofOrNull(stacks().thread(index));
        return one == null || one.outcome == NativeThread.Outcome.FAILED ? null : one.merged;
    }

    @Override
    public boolean isHolder(ThreadStack thread) {
        NativeThread one = ofOrNull(thread);
        return one == null || one.outcome == NativeThread.Outcome.FAILED
                ? python.isHolder(thread)
                : one.outcome == NativeThread.Outcome.READ && one.isHolder;
    }

    @Override
    public int agreedFrames(int index) {
        return python.agreedFrames(index);
    }

    @Override
    public boolean isProved(int index) {
        return merged(index) != null || python.isProved(index);
    }

    @Override
    public String provedHow() {
        return "each thread stopped alone, or asleep";
    }

    @Override
    public boolean isBest(int status) {
        return python.isBest(status);
    }

    @Override
    public boolean settle() {
        return (reader == null || reader.settle()) & python.settle();
    }

    @Override
    public void close() {
        python.close();
        if (stopper != null) {
            stopper.close();
        }
        if (reader != null) {
            states.close();
            names.close();
        }
    }

    /** Under which /proc lists it. */
    int hostId(ThreadStack python) {
        return threadOf(python).hostId;
    }

    // internals

    private boolean open() {
        try {
            states = new ThreadStates(Linux.steady(), process.proc(), process.pid());
            // where that is allowed: a stopped thread is to wait for nobody else's turn
            new Linux().setNice(NICE);
            stopper = new ThreadStopper(Linux.steady());
            reader = new NativeStackReader(process, sampling.code(), memory, states, stopper);
            names = sampling.names();
            stack = new NativeStack(runtime, names);
            plainOrNull = sampling.withPlainThreads() ? new PlainThreads(process) : null;
            return true;
        } catch (IOException ended) {
            return false;
        }
    }

    /** Finds out which threads there are. */
    private int list() {
        int status = still.readWords(true);
        if (status < 0) {
            return status;
        }
        status = python.read();
        seat.leave();
        if (status < 0 || status == NOT_WARM) {
            return status;
        }
        for (int i = 0; i < stacks().count(); i++) {
            threadOf(stacks().thread(i)).below = stacks().below(stacks().thread(i));
        }
        mustList = false;
        samplesSinceListed = 0;
        if (!isRehearsed && stacks().count() > 0) {
            isRehearsed = true;
            stopper.rehearse();
            still.rehearse(threadOf(stacks().thread(0)));
        }
        return 0;
    }

    /** What Python's reader has of the threads whose native frames could not be had. */
    private int readAlone() {
        mustList = true;
        int status = python.read();
        seat.leave();
        return status;
    }

    private void look(NativeThread one) {
        int looked = one.hostId == 0 ? ThreadStates.FAILED : states.lookAtSyscall(one.hostId);
        if (looked == ThreadStates.ENDED) {
            ended(one);
        } else if (looked != ThreadStates.OK || !states.isBlocked()) {
            read(one, false);
        } else if (skipsSleepers) {
            one.outcome = NativeThread.Outcome.SLEEPS;
            one.merged.flags(SampleRecord.NATIVE | SampleRecord.SLEEPS);
        } else if (one.switches < 0
                || states.lookAtSchedule(one.hostId) != ThreadStates.OK
                || states.switches() != one.switches) {
            read(one, true);
        }
    }

    private void ended(NativeThread one) {
        mustList |= one.hasPython();
        one.outcome = NativeThread.Outcome.ENDED;
        one.merged.clear();
        one.merged.flags(SampleRecord.NATIVE | SampleRecord.SLEEPS);
    }

    private void read(NativeThread one, boolean seemsAsleep) {
        one.outcome = NativeThread.Outcome.FAILED;
        one.switches = -1;
        if (one.hostId == 0) {
            return;
        }
        boolean asleep = seemsAsleep;
        for (int i = 0; i < MAX_READS; i++) {
            still.aim(one);
            int how =
                    asleep
                            ? reader.readAsleep(one.hostId, still)
                            : reader.readStopped(one.hostId, still);
            if (how == NativeStackReader.ENDED) {
                ended(one);
                return;
            }
            if (how == NativeStackReader.DENIED || still.isGone()) {
                counters.add(SampleCounters.NATIVE_DENIED, 1);
                return;
            }
            asleep &= how >= 0 && reader.end() != UnwindEnd.NO_REGISTER;
            if (how < 0) {
                counters.add(SampleCounters.NATIVE_UNREAD, 1);
            } else if (!still.isWhole()) {
                counters.add(SampleCounters.NATIVE_UNSETTLED, 1);
            } else if (!merge(one)) {
                counters.add(SampleCounters.NATIVE_UNMATCHED, 1);
            } else {
                one.outcome = NativeThread.Outcome.READ;
                one.usedStack(reader);
                boolean ran = how == NativeStackReader.STOPPED && !seemsAsleep;
                one.switches = how == NativeStackReader.ASLEEP ? states.switches() : -1;
                one.merged.flags(
                        SampleRecord.NATIVE
                                | (ran ? 0 : SampleRecord.SLEEPS)
                                | (reader.end() == UnwindEnd.ROOT ? SampleRecord.REACHED : 0));
                return;
            }
        }
    }

    private boolean merge(NativeThread one) {
        if (!one.hasPython()) {
            sampling.modules().use(sampling.code().modules());
            boolean isWhole = reader.end() == UnwindEnd.ROOT;
            one.merged.take(reader.unwinder(), reader.end(), isWhole, sampling.modules());
            return true;
        }
        if (stack.merge(reader, sampling.code(), one.python) == Merge.MISMATCH) {
            return false;
        }
        sampling.modules().use(sampling.code().modules());
        one.merged.take(
                stack.merged(),
                reader.unwinder(),
                reader.end(),
                sampling.modules(),
                one.python,
                codes);
        return true;
    }

    private NativeThread threadOf(ThreadStack python) {
        int slot = python.slot();
        if (slot >= threads.length) {
            threads = Arrays.copyOf(threads, Math.max(slot + 1, threads.length * 2));
        }
        NativeThread one = threads[slot];
        if (one == null || !one.isOf(python)) {
            int host = (int) target.hostThreadId(python.nativeId(), python.ident());
            one =
                    new NativeThread(
                            python,
                            host,
                            still.list(),
                            runtime.offsets(),
                            runtime.instructionUnits());
            threads[slot] = one;
        }
        return one;
    }

    private NativeThread ofOrNull(ThreadStack python) {
        int slot = python.slot();
        NativeThread one = slot < threads.length ? threads[slot] : null;
        return one != null && one.isOf(python) ? one : null;
    }
}
