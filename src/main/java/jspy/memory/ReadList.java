package jspy.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The ranges of one gathered read and the buffer they are copied to: an array of {@code struct
 * iovec} in native memory, filled in order. One thread uses it. {@link #clear} and {@link #add}
 * allocate nothing once the list has grown.
 */
public final class ReadList {
    /** {@code struct iovec}: {@code iov_base}, {@code iov_len}. bits/types/struct_iovec.h */
    private static final long IOVEC_BYTES = 16;

    /** {@code UIO_MAXIOV}, linux/uio.h: more in one call is EINVAL. */
    public static final int MAX_RANGES_PER_CALL = 1024;

    private static final ValueLayout.OfLong LITTLE_ENDIAN =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private MemorySegment iovecs;
    private MemorySegment buffer;
    private long[] words = new long[0];
    private long[] offsets;
    private int count;
    private long usedBytes;

    // the ranges that were added last as a block
    private Object blockOwner; // null: they are no more
    private int blockFirst;
    private int blockEnd;
    private long blockFirstByte;
    private long blockEndByte;
    private long layouts;

    public ReadList(int ranges, long bufferBytes) {
        iovecs = Arena.ofAuto().allocate(ranges * IOVEC_BYTES, 8);
        buffer = Arena.ofAuto().allocate(wholeWords(bufferBytes) + Long.BYTES, 64);
        offsets = new long[ranges];
    }

    public void clear() {
        count = 0;
        usedBytes = 0;
    }

    /** Adds a range; returns the offset in the buffer where its copy will lie. */
    public long add(long address, long lengthBytes) {
        if (count == offsets.length) {
            growRanges();
        }
        if (count < blockEnd && count >= blockFirst) {
            blockOwner = null;
        }
        if (usedBytes + lengthBytes > buffer.byteSize() - Long.BYTES) {
            growBuffer(usedBytes + lengthBytes);
        }
        long at = count * IOVEC_BYTES;
        iovecs.set(ValueLayout.JAVA_LONG, at, address);
        iovecs.set(ValueLayout.JAVA_LONG, at + 8, lengthBytes);
        long offset = usedBytes;
        offsets[count++] = offset;
        usedBytes += lengthBytes;
        return offset;
    }

    /** A number that no earlier call gave. */
    long newLayout() {
        return ++layouts;
    }

    /** The ranges added from here to {@link #endBlock} can be {@linkplain #repeat repeated}. */
    void beginBlock(Object owner) {
        blockOwner = owner;
        blockFirst = count;
        blockEnd = count;
        blockFirstByte = usedBytes;
    }

    void endBlock() {
        blockEnd = count;
        blockEndByte = usedBytes;
    }

    /**
     * Adds the block of this owner again, at no cost, if it lay in the same place and nothing else
     * was added there since.
     */
    boolean repeat(Object owner) {
        if (blockOwner != owner || blockFirst != count || blockFirstByte != usedBytes) {
            return false;
        }
        count = blockEnd;
        usedBytes = blockEndByte;
        return true;
    }

    /** So many bytes after a word of the buffer the owner's block begins; 0 if it has none. */
    int blockSkew(Object owner) {
        return blockOwner == owner ? (int) (blockFirstByte & Long.BYTES - 1) : 0;
    }

    public int count() {
        return count;
    }

    public long address(int range) {
        return iovecs.get(ValueLayout.JAVA_LONG, range * IOVEC_BYTES);
    }

    public long lengthBytes(int range) {
        return iovecs.get(ValueLayout.JAVA_LONG, range * IOVEC_BYTES + 8);
    }

    /** Where in the buffer the range's copy lies. */
    public long offset(int range) {
        return offsets[range];
    }

    public long usedBytes() {
        return usedBytes;
    }

    /** The copies. Adding a range may replace it: fetch it anew after {@link #add}. */
    public MemorySegment buffer() {
        return buffer;
    }

    /**
     * What was copied by now but for the first {@code skew} bytes, as words of eight bytes, low
     * byte first; what follows the last one is whatever was there. An array, as the first compiler
     * makes much more of an access to native memory than of one to an array. Until the next call:
     * used again.
     */
    public long[] words(int skew) {
        int count = (int) (wholeWords(Math.max(0, usedBytes - skew)) / Long.BYTES);
        if (words.length <= count) {
            words = new long[(int) (buffer.byteSize() / Long.BYTES) + 1];
        }
        MemorySegment.copy(buffer, LITTLE_ENDIAN, skew, words, 0, count);
        return words;
    }

    /** Native address of the iovec of a range, for the call. */
    public long iovecAddress(int range) {
        return iovecs.address() + range * IOVEC_BYTES;
    }

    // internals

    private static long wholeWords(long bytes) {
        return bytes + Long.BYTES - 1 & -Long.BYTES;
    }

    private void growRanges() {
        MemorySegment grown = Arena.ofAuto().allocate(iovecs.byteSize() * 2, 8);
        grown.copyFrom(iovecs);
        iovecs = grown;
        offsets = java.util.Arrays.copyOf(offsets, offsets.length * 2);
    }

    private void growBuffer(long neededBytes) {
        MemorySegment grown =
                Arena.ofAuto()
                        .allocate(
                                wholeWords(Math.max(neededBytes, buffer.byteSize() * 2))
                                        + Long.BYTES,
                                64);
        grown.asSlice(0, usedBytes).copyFrom(buffer.asSlice(0, usedBytes));
        buffer = grown;
    }
}
