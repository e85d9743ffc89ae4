package jspy.sample;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;
import jspy.unwind.NativeStackReader;
import jspy.unwind.StackCopy;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Copies all that is wanted of one thread that stands still, in one call: its C stack, its Python
 * frames, the GILs' words and the heads of the thread lists. What the walk misses takes further
 * calls; code objects met for the first time are copied then, too.
 *
 * <p>Sampler thread; allocates to grow, and for new code objects.
 */
final class StillReader implements NativeStackReader.Still {
    /** Further calls for missed frames while the thread stands, 2–3 µs each. */
    private static final int MAX_ROUNDS = 400;

    /** A predicted range that is gone is taken out of the set, and all read again. */
    private static final int MAX_FAULTS = 8;

    private final TargetMemory memory;
    private final ReadList list = new ReadList(256, 128 * 1024);
    private final NewCodes codes;
    private final DomainWords words;
    private final SampleCounters counters;
    private final long[] headAddresses;
    private final long[] heads;

    private NativeThread thread;
    private boolean isWhole;
    private boolean isGone;
    private boolean isRehearsal;
    private boolean hasRead;
    private boolean headsChanged;

    StillReader(
            TargetMemory memory,
            PythonRuntime runtime,
            List<GilDomain> domains,
            CodeTable codes,
            SampleCounters counters) {
        this.memory = memory;
        this.counters = counters;
        this.codes = new NewCodes(memory, runtime.offsets(), codes, counters);
        words = new DomainWords(runtime, domains);
        long threadsHead = runtime.offsets().interpreter().threadsHead();
        headAddresses = Arrays.stream(words.interpreters()).map(at -> at + threadsHead).toArray();
        heads = new long[headAddresses.length];
    }

    ReadList list() {
        return list;
    }

    /** A sample begins. */
    void begin() {
        hasRead = false;
        headsChanged = false;
    }

    /** Whether the words below are of this sample. */
    boolean hasRead() {
        return hasRead;
    }

    /** Whether a thread was born, or the newest one ended, since {@link #readWords} was called. */
    boolean headsChanged() {
        return headsChanged;
    }

    /** Whether the thread held its GIL when the words were read last. */
    boolean isHolder(ThreadStack python) {
        return words.isHolder(python);
    }

    /**
     * Reads the words alone.
     *
     * @param remember the heads, as those of the list of threads that is read next
     * @return negative when they cannot be read
     */
    int readWords(boolean remember) {
        list.clear();
        addWords();
        int read = memory.readAll(list, 0);
        counters.add(SampleCounters.READS, 1);
        if (read < list.count()) {
            return read == TargetMemory.GONE ? StackSource.GONE : StackSource.FAILED;
        }
        if (remember) {
            for (int i = 0; i < heads.length; i++) {
                heads[i] = list.buffer().get(ValueLayout.JAVA_LONG, i * 8L);
            }
        }
        takeWords();
        return 0;
    }

    /** The next {@link #read} is of this thread. */
    void aim(NativeThread next) {
        thread = next;
        isWhole = false;
    }

    /** Whether the last read has all Python frames of the thread, with their code objects. */
    boolean isWhole() {
        return isWhole;
    }

    /** Whether the process is no more. */
    boolean isGone() {
        return isGone;
    }

    /**
     * Reads a thread that runs on, so that what a thread will stand still for is loaded and
     * compiled; what is read says nothing. Its thread state takes the place of the stack.
     */
    void rehearse(NativeThread next) {
        aim(next);
        isRehearsal = true;
        StackCopy nowhere = new StackCopy();
        long address = next.python.threadState();
        StackFollower.rehearse(() -> read(address, Long.BYTES, nowhere) ? 0 : StackSource.FAILED);
        isRehearsal = false;
    }

    @Override
    public int stackBytes() {
        return thread.stackBytes();
    }

    @Override
    public void needsStack(int bytes) {
        thread.needsStack(bytes);
    }

    @Override
    public boolean read(long stackAddress, int wantedBytes, StackCopy into) {
        isWhole = false;
        if (!thread.hasPython()) {
            return readStack(stackAddress, wantedBytes, into);
        }
        thread.set.pardon();
        for (int fault = 0; fault < MAX_FAULTS; fault++) {
            int stackBytes = thread.readable(stackAddress, wantedBytes);
            list.clear();
            addWords();
            long stackAt = list.add(stackAddress, stackBytes);
            int known = list.count();
            thread.set.addTo();
            thread.set.lend(stackAddress, stackBytes, stackAt);
            int read = readFrom(0);
            if (read == known - 1 && findEnd(stackAddress, stackBytes)) {
                continue;
            }
            if (read < known) {
                return false;
            }
            if (read < list.count()) {
                thread.set.forget(read);
                continue;
            }
            takeWords();
            thread.isHolder = isHolder(thread.python);
            isWhole = walk() && copyCodes();
            into.set(list.buffer(), stackAt, stackAddress, stackBytes);
            return true;
        }
        return false;
    }

    // internals

    private boolean readStack(long stackAddress, int wantedBytes, StackCopy into) {
        int stackBytes = thread.readable(stackAddress, wantedBytes);
        list.clear();
        long stackAt = list.add(stackAddress, stackBytes);
        int read = readFrom(0);
        if (read == 0 && findEnd(stackAddress, stackBytes)) {
            return readStack(stackAddress, wantedBytes, into);
        }
        isWhole = read == 1;
        into.set(list.buffer(), stackAt, stackAddress, stackBytes);
        return isWhole;
    }

    /**
     * Of a stack not all could be read: a page that is in the mapping may still be none. False when
     * nothing of it can be.
     */
    private boolean findEnd(long stackAddress, int stackBytes) {
        int got = memory.read(stackAddress, list.buffer(), 0, stackBytes);
        counters.add(SampleCounters.READS, 1);
        if (got <= 0 || got == stackBytes) {
            return false;
        }
        thread.stackEnds(stackAddress + got);
        return true;
    }

    private void addWords() {
        for (long head : headAddresses) {
            list.add(head, Long.BYTES);
        }
        words.addTo(list);
    }

    private void takeWords() {
        hasRead = true;
        for (int i = 0; i < heads.length; i++) {
            headsChanged |= list.buffer().get(ValueLayout.JAVA_LONG, i * 8L) != heads[i];
        }
        words.take(list, words.position());
    }

    private int readFrom(int first) {
        int read = memory.readAll(list, first);
        counters.add(SampleCounters.READS, 1);
        isGone |= read == TargetMemory.GONE;
        return read;
    }

    /** Walks the thread's frames in all interpreters that it has entered. */
    private boolean walk() {
        if (!walk(thread.python)) {
            return false;
        }
        for (ThreadStack below : thread.below) {
            if (!walk(below)) {
                return false;
            }
            thread.python.standOn(below);
        }
        return true;
    }

    /** Walks frames, reading what is missed. */
    private boolean walk(ThreadStack python) {
        long before = python.version();
        thread.walker.walkOne(python, false);
        for (int round = 0; thread.set.wanted() > 0; round++) {
            if (round == MAX_ROUNDS) {
                return false;
            }
            counters.add(SampleCounters.MISSES, 1);
            int first = list.count();
            thread.set.addWanted();
            int read = readFrom(first);
            if (read < 0) {
                return false;
            }
            if (read < list.count()) {
                thread.set.forget(read);
            }
            // where the thread state itself was missed, the walk has not begun
            thread.walker.walkOne(python, python.version() != before);
        }
        return python.version() != before && python.status() == ThreadStack.COMPLETE;
    }

    private boolean copyCodes() {
        if (isRehearsal && requestCodes()) {
            codes.copy(); // of a thread that runs nothing is certain
            return false;
        }
        for (int batch = 0; requestCodes(); batch++) {
            if (batch == NewCodes.MAX_BATCHES) {
                return false;
            }
            codes.copy();
            codes.publish(true);
        }
        return true;
    }

    private boolean requestCodes() {
        codes.clear();
        codes.request(thread.python);
        return codes.requested() > 0;
    }
}
