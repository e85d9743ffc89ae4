package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.ReadList;
import jspy.memory.WorkingSet;
import jspy.python.FrameWalker;
import jspy.python.ThreadStack;
import jspy.unwind.NativeStackReader;

/**
 * A thread whose native frames are read, as the sampler knows it: where its Python frames were
 * lately, how large its stack is, and what it showed last. Sampler thread.
 */
final class NativeThread {
    /** What came of the last look at it. */
    enum Outcome {
        /** Both stacks are in {@link #merged}. */
        READ,
        /** It sleeps, and sleepers are not asked for. */
        SLEEPS,
        ENDED,
        /** Its native frames cannot be had now. */
        FAILED
    }

    /** Copied at first; most stacks of CPython are smaller. */
    private static final int FIRST_STACK_BYTES = 24 << 10;

    private static final int SMALLEST_STACK_BYTES = 4 << 10;

    /** What is copied beyond what was used, so that a stack that grows is whole the next time. */
    private static final int HEAD_ROOM_BYTES = 4 << 10;

    /** How fast the copied length forgets a large stack: a 32nd of what is too much a sample. */
    private static final int FORGET_SHIFT = 5;

    final ThreadStack python;
    final long ident;
    final int hostId;
    final WorkingSet set; // null without Python
    final FrameWalker walker;
    final MergedStack merged = new MergedStack();

    /** Its stacks in the interpreters that it came from, nearest first. */
    ThreadStack[] below = {};

    Outcome outcome = Outcome.FAILED;
    boolean isHolder;

    /** How often it had been scheduled when {@link #merged} was read asleep; -1: it was not. */
    long switches = -1;

    private int stackBytes = FIRST_STACK_BYTES;

    /**
     * Where its stack turned out to end though the mapping goes on: guard pages of {@code
     * MADV_GUARD_INSTALL} (glibc 2.42 has them between the stacks of threads) are in no mapping.
     */
    private long stackEnd = Long.MAX_VALUE;

    NativeThread(
            ThreadStack python, int hostId, ReadList list, Offsets offsets, int instructionUnits) {
        this.python = python;
        this.hostId = hostId;
        ident = python.ident();
        set = new WorkingSet(list);
        walker = new FrameWalker(offsets, instructionUnits, set);
    }

    /** A thread without Python. */
    NativeThread(ThreadStack thread, int hostId) {
        python = thread;
        this.hostId = hostId;
        ident = 0;
        set = null;
        walker = null;
    }

    boolean hasPython() {
        return walker != null;
    }

    /** The same slot with the same thread. */
    boolean isOf(ThreadStack other) {
        return python == other && ident == other.ident();
    }

    /** How much of its stack is copied. */
    int stackBytes() {
        return stackBytes;
    }

    void needsStack(int bytes) {
        stackBytes = bytes;
        stackEnd = Long.MAX_VALUE;
    }

    /** How much of so many bytes there may be copied; more than none. */
    int readable(long address, int bytes) {
        return stackEnd > address ? (int) Math.min(bytes, stackEnd - address) : bytes;
    }

    /** Nothing can be read from there on. */
    void stackEnds(long address) {
        stackEnd = address;
    }

    /** Its stack was read so far. */
    void usedStack(NativeStackReader reader) {
        long address = reader.stack().address();
        stackBytes = nextBytes(stackBytes, reader.unwinder().end() - address);
    }

    /**
     * How much is copied the next time. Where a handler's own stack was left for the one that it
     * interrupted, what was used is no length: all stays as it is.
     *
     * @param usedBytes from the copy's start to the end of the last frame
     */
    static int nextBytes(int copiedBytes, long usedBytes) {
        if (usedBytes < 0 || usedBytes > copiedBytes) {
            return copiedBytes;
        }
        int enough = Math.max(SMALLEST_STACK_BYTES, (int) usedBytes + HEAD_ROOM_BYTES);
        return enough >= copiedBytes
                ? enough
                : copiedBytes - (copiedBytes - enough >> FORGET_SHIFT);
    }
}
