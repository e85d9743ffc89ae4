package jspy.unwind;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A thread's stack as it was at one moment: a copy of the bytes from some address on, best from a
 * little below the stack pointer. Mutable, so that one is used again for each sample. One thread.
 */
public final class StackCopy {
    private static final ValueLayout.OfLong WORD =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MemorySegment bytes = MemorySegment.NULL;
    private long offset;
    private long address;
    private long lengthBytes;
    private long limit; // where the memory that it was copied from ends

    // the stack that a signal handler on a stack of its own interrupted
    private MemorySegment interruptedBytes = MemorySegment.NULL;
    private long interruptedAddress;
    private long interruptedLength;

    /** The copy of {@code lengthBytes} bytes at {@code address} lies at {@code offset}. */
    public StackCopy set(MemorySegment bytes, long offset, long address, long lengthBytes) {
        this.bytes = bytes;
        this.offset = offset;
        this.address = address;
        this.lengthBytes = lengthBytes;
        limit = address + lengthBytes;
        interruptedLength = 0;
        return this;
    }

    /** The stack goes on up to there at most: a longer copy could be made. */
    StackCopy reachesTo(long newLimit) {
        limit = newLimit;
        return this;
    }

    /** Whether a longer copy, but no more than so many bytes longer, would have that address. */
    boolean couldHave(long wanted, long moreBytes) {
        return wanted - end() >= -7 && wanted - end() < moreBytes && wanted - limit <= -8;
    }

    /**
     * Adds the stack that was interrupted where the thread is in a signal handler that has a stack
     * of its own.
     */
    StackCopy addInterrupted(MemorySegment bytes, long address, long lengthBytes) {
        interruptedBytes = bytes;
        interruptedAddress = address;
        interruptedLength = lengthBytes;
        return this;
    }

    /** Whether from the first address to the second the stack changes to the interrupted one. */
    boolean changes(long from, long to) {
        return !isInterrupted(from) && isInterrupted(to) && !isOwn(to);
    }

    public long address() {
        return address;
    }

    /** One behind the last byte. */
    public long end() {
        return address + lengthBytes;
    }

    /** Whether the eight bytes there were copied. */
    public boolean has(long wanted) {
        return isOwn(wanted) || isInterrupted(wanted);
    }

    /** Eight bytes; ask {@link #has} first. */
    public long word(long wanted) {
        return isOwn(wanted)
                ? bytes.get(WORD, offset + (wanted - address))
                : interruptedBytes.get(WORD, wanted - interruptedAddress);
    }

    // internals

    private boolean isOwn(long wanted) {
        long distance = wanted - address;
        return distance >= 0 && distance <= lengthBytes - 8;
    }

    private boolean isInterrupted(long wanted) {
        long distance = wanted - interruptedAddress;
        return distance >= 0 && distance <= interruptedLength - 8;
    }
}
