package jspy.python;

import java.util.Arrays;

/**
 * One Python thread and the stack that the last walk found, leaf first. Filled by {@link
 * FrameWalker}, reused from sample to sample; owned by the sampler thread.
 *
 * <p>{@code code(i)} is the address of a code object (0: the frame had none), {@code
 * instruction(i)} the offset in bytes from its first instruction.
 */
public final class ThreadStack {
    /** The walk has not finished this thread: something it needed was not copied. */
    public static final int MISSED = 0;

    /** The walk reached the bottom. */
    public static final int COMPLETE = 1;

    /** A pointer cannot be one, or a chain does not end: the stack stops at {@link #depth}. */
    public static final int BROKEN = 2;

    /**
     * The thread is between two frames, in the few instructions in which no stack is right: it was
     * proved, and is none.
     */
    public static final int UNSETTLED = 3;

    /** {@link #instruction} of a frame whose instruction pointer does not lie in its code. */
    public static final int NO_INSTRUCTION = Integer.MIN_VALUE;

    private final long threadState;
    private final int slot;

    private long interpreter;
    private long ident;
    private long stateIdent;
    private long stateNativeId;
    private long nativeId;
    private int status;
    private long version; // grows with every walk that looked at the thread
    private long resolved; // the version whose code objects are all known
    private int walk; // number of the walk that met this thread last
    private long toMeet; // a frame that the chain must lead to, 0: none
    private long pending; // the frame at which a walk missed, 0: none
    private boolean kept;
    private boolean isJoined;

    private long[] frames = new long[64];
    private long[] codes = new long[64];
    private int[] instructions = new int[64];
    private int depth;

    private final StackAnchors anchors = new StackAnchors();
    private long cframe;

    private final StackTrail trail = new StackTrail();
    private final KnownFrames known = new KnownFrames();

    ThreadStack(long threadState, int slot) {
        this.threadState = threadState;
        this.slot = slot;
    }

    /** A thread that has no Python: no thread state, no frames. */
    public static ThreadStack withoutPython(int slot, long nativeId) {
        ThreadStack thread = new ThreadStack(0, slot);
        thread.nativeId = nativeId;
        thread.status = COMPLETE;
        return thread;
    }

    /** Address of the {@code PyThreadState}; 0 of a thread without Python. */
    public long threadState() {
        return threadState;
    }

    /** Position in {@link ProcessStacks}, stable while the thread lives. */
    public int slot() {
        return slot;
    }

    /** Address of its {@code PyInterpreterState}. */
    public long interpreter() {
        return interpreter;
    }

    /** {@code PyThreadState.thread_id}: the pthread_t on Linux, of the thread that runs it. */
    public long ident() {
        return ident;
    }

    /** As its thread state says; up to 3.12 that may be the thread that made it. */
    public long stateIdent() {
        return stateIdent;
    }

    /** {@code native_thread_id} as the thread state says it. */
    public long stateNativeId() {
        return stateNativeId;
    }

    /** Another thread than the one that made the thread state runs it. */
    public void runBy(long runnerIdent, long runnerNativeId) {
        ident = runnerIdent;
        nativeId = runnerNativeId;
    }

    /** {@code PyThreadState.native_thread_id} (3.11+), else 0. */
    public long nativeId() {
        return nativeId;
    }

    /** Two equal versions of one thread are the same stack. */
    public long version() {
        return version;
    }

    /** Whether the code objects of this very stack are known. */
    public boolean isResolved() {
        return resolved == version;
    }

    public void resolve() {
        resolved = version;
    }

    /** What of it need not be looked at again. */
    public KnownFrames known() {
        return known;
    }

    /** How often the code table has changed: the numbers of the code objects may be others now. */
    public void codesChanged(int changes) {
        if (known.isOutdated(changes)) {
            version++;
        }
    }

    public int status() {
        return status;
    }

    public int depth() {
        return depth;
    }

    public long frame(int index) {
        return frames[index];
    }

    public long code(int index) {
        return codes[index];
    }

    public int instruction(int index) {
        return instructions[index];
    }

    /**
     * How many activations of the eval loop the walk met that keep a frame of their own on the C
     * stack (3.12+), leaf first. One whose address is not on the thread's stack is no activation.
     */
    public int anchors() {
        return anchors.count();
    }

    /** Address of such a frame: inside the C frame of its activation. */
    public long anchor(int index) {
        return anchors.address(index);
    }

    /** One behind the last frame, leaf first, that the activation runs. */
    public int anchorDepth(int index) {
        return anchors.depth(index);
    }

    /** Address of the newest {@code _PyCFrame} (3.11, 3.12), else 0. */
    public long cframe() {
        return cframe;
    }

    /**
     * How many frames, from the root up, are the same in another copy of this thread's stack; 0
     * unless both are whole.
     */
    public int agreedWith(ThreadStack other) {
        if (status != COMPLETE || other.status != COMPLETE) {
            return 0;
        }
        int most = Math.min(depth, other.depth);
        int same = 0;
        while (same < most) {
            int mine = depth - 1 - same;
            int its = other.depth - 1 - same;
            if (frames[mine] != other.frames[its]
                    || codes[mine] != other.codes[its]
                    || instructions[mine] != other.instructions[its]) {
                break;
            }
            same++;
        }
        return same;
    }

    /**
     * Whether walks leave this stack as it is, as long as the thread lives: it was proved earlier
     * in the same sample, or is not looked at now.
     */
    public boolean isKept() {
        return kept;
    }

    public void keep(boolean keep) {
        kept = keep;
    }

    /**
     * Whether this stack stands on another one of the same OS thread, which has a thread state in
     * each interpreter that it has entered: the C stack grows down.
     */
    boolean isAbove(ThreadStack other) {
        return newestCall() != 0 && other.newestCall() != 0
                ? newestCall() < other.newestCall()
                : depth > 0;
    }

    /** Whether frames of other interpreters, which the thread has entered, are under its own. */
    public boolean isJoined() {
        return isJoined;
    }

    /** Where on the C stack its newest Python call keeps something; 0 before 3.11. */
    public long newestCall() {
        return cframe != 0 ? cframe : anchors.count() > 0 ? anchors.address(0) : 0;
    }

    /** Puts the frames of the stack below under this one, until it is walked again. */
    public void standOn(ThreadStack below) {
        isJoined = true;
        int next = 0;
        for (int i = 0; i <= below.depth; i++) {
            while (next < below.anchors() && below.anchorDepth(next) == i) {
                anchor(below.anchor(next++));
            }
            if (i < below.depth) {
                push(below.frames[i], below.codes[i], below.instructions[i]);
            }
        }
        if (below.status != COMPLETE) {
            status = below.status;
        }
    }

    // filled by the walker

    StackTrail trail() {
        return trail;
    }

    /**
     * Keeps frames and anchors at the root of the last walk, which was whole, and makes room above
     * them: {@link #set}, {@link #setAnchor}.
     */
    void rejoin(
            int cutFrames,
            int newFrames,
            int kept,
            int cutAnchors,
            int newAnchors,
            int keptAnchors) {
        depth = newFrames + kept;
        while (depth > frames.length) {
            growFrames();
        }
        if (cutFrames != newFrames) {
            System.arraycopy(frames, cutFrames, frames, newFrames, kept);
            System.arraycopy(codes, cutFrames, codes, newFrames, kept);
            System.arraycopy(instructions, cutFrames, instructions, newFrames, kept);
        }
        anchors.rejoin(cutAnchors, newAnchors, keptAnchors, newFrames - cutFrames);
        known.keep(kept);
    }

    void set(int index, long frame, long code, int instruction) {
        frames[index] = frame;
        codes[index] = code;
        instructions[index] = instruction;
    }

    void setAnchor(int index, long address, int framesAbove) {
        anchors.set(index, address, framesAbove);
    }

    /** The walk found nothing new: what was known of the stack still holds. */
    void stayed() {
        if (known.settled() == depth) {
            version--;
        }
    }

    int walk() {
        return walk;
    }

    void begin(int walkNumber, long interpreterAddress, long threadIdent, long nativeThreadId) {
        version++;
        walk = walkNumber;
        interpreter = interpreterAddress;
        ident = threadIdent;
        stateIdent = threadIdent;
        nativeId = nativeThreadId;
        stateNativeId = nativeThreadId;
        status = MISSED;
        depth = 0;
        anchors.clear();
        if (isJoined) {
            known.forget(); // what it counted from was another's root
        }
        known.begin();
        cframe = 0;
        pending = 0;
        toMeet = 0;
        kept = false;
        isJoined = false;
    }

    /** The chain must lead to this frame; 0: it has, or nothing is known. */
    void mustMeet(long frame) {
        toMeet = frame;
    }

    long missedMeeting() {
        return toMeet;
    }

    /** Forgets the frames that were pushed. */
    void restart() {
        isJoined = false;
        depth = 0;
        anchors.clear();
        status = MISSED;
        pending = 0;
    }

    /** Keeps the stack of the walk before. */
    void again(int walkNumber) {
        walk = walkNumber;
    }

    void push(long frame, long code, int instruction) {
        if (depth == frames.length) {
            growFrames();
        }
        frames[depth] = frame;
        codes[depth] = code;
        instructions[depth++] = instruction;
    }

    void anchor(long address) {
        anchors.add(address, depth);
    }

    void cframe(long address) {
        cframe = address;
    }

    /** The frame that was not copied: where a walk over more copies goes on. */
    long pending() {
        return pending;
    }

    void missed(long frame) {
        pending = frame;
    }

    void end(int endStatus) {
        status = endStatus;
    }

    // internals

    private void growFrames() {
        int larger = frames.length * 2;
        frames = Arrays.copyOf(frames, larger);
        codes = Arrays.copyOf(codes, larger);
        instructions = Arrays.copyOf(instructions, larger);
    }
}
