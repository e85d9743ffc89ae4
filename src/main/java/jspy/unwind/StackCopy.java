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

    /** The copy of {@code lengthBytes} bytes at {@code address} lies at {@code offset}. */
    public StackCopy set(MemorySegment bytes, long offset, long address, long lengthBytes) {
        this.bytes = bytes;
        this.offset = offset;
        this.address = address;
        this.lengthBytes = lengthBytes;
        return this;
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
        long distance = wanted - address;
        return distance >= 0 && distance <= lengthBytes - 8;
    }

    /** Eight bytes; ask {@link #has} first. */
    public long word(long wanted) {
        return bytes.get(WORD, offset + (wanted - address));
    }
}
