package jspy.python;

import jspy.memory.TargetMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Small reads of the target for the cold side, where a failed read is absence: zero, or fewer bytes
 * than asked. One thread uses it.
 */
final class Peek {
    /** No object that is read in one piece is longer; a length from the target is cut to it. */
    static final int MAX_BYTES = 1 << 24;

    /** Some seconds of system calls: no task of the cold side that goes well needs as many. */
    static final long MAX_READS = 1 << 22;

    private static final int WORD_BYTES = 8;

    private final TargetMemory memory;
    private long readsLeft;
    private MemorySegment buffer = Arena.ofAuto().allocate(512, WORD_BYTES);

    Peek(TargetMemory memory) {
        this(memory, MAX_READS);
    }

    /**
     * @param reads after so many, every read fails: chains and tables of the target may be as long
     *     as they like
     */
    Peek(TargetMemory memory, long reads) {
        this.memory = memory;
        readsLeft = reads;
    }

    /** Allows so many reads from now on. */
    void allow(long reads) {
        readsLeft = reads;
    }

    /** As many of the bytes as can be read, from the start. */
    byte[] bytes(long address, int length) {
        int wanted = Math.clamp(length, 0, MAX_BYTES);
        int copied = wanted == 0 ? 0 : copy(address, wanted);
        return buffer.asSlice(0, Math.max(copied, 0)).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * Copies a struct, so that {@link #word} and its like look into it; false when not all of it
     * could be read.
     */
    boolean load(long address, int length) {
        return length <= MAX_BYTES && copy(address, length) == length;
    }

    /** A pointer or {@code Py_ssize_t} of the struct that was loaded last. */
    long word(long offset) {
        return buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    }

    int int32(long offset) {
        return buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    int uint8(long offset) {
        return buffer.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    }

    /** The word at an address of the target; 0 when it cannot be read. */
    long pointer(long address) {
        return copy(address, WORD_BYTES) == WORD_BYTES ? word(0) : 0;
    }

    // internals

    private int copy(long address, int length) {
        if (readsLeft-- <= 0) {
            return TargetMemory.FAILED;
        }
        if (length > buffer.byteSize()) {
            buffer = Arena.ofAuto().allocate(Long.highestOneBit(length) * 2, WORD_BYTES);
        }
        return memory.read(address, buffer, 0, length);
    }
}
