package jspy.binary;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Little-endian numbers and C strings of a file, every access within bounds or a {@link
 * BinaryFormatException}.
 */
final class Bytes {
    private static final ValueLayout.OfShort U16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment segment;

    Bytes(MemorySegment segment) {
        this.segment = segment;
    }

    long sizeBytes() {
        return segment.byteSize();
    }

    /** Whether the range lies inside; numbers above 2^63 read as negative ones and do not. */
    boolean has(long at, long lengthBytes) {
        return at >= 0 && lengthBytes >= 0 && at <= segment.byteSize() - lengthBytes;
    }

    Bytes slice(long at, long lengthBytes, String what) throws BinaryFormatException {
        check(at, lengthBytes, what);
        return new Bytes(segment.asSlice(at, lengthBytes));
    }

    MemorySegment segment(long at, long lengthBytes, String what) throws BinaryFormatException {
        check(at, lengthBytes, what);
        return segment.asSlice(at, lengthBytes);
    }

    int u8(long at) throws BinaryFormatException {
        check(at, 1, "byte");
        return segment.get(JAVA_BYTE, at) & 0xff;
    }

    int u16(long at) throws BinaryFormatException {
        check(at, 2, "16-bit number");
        return segment.get(U16, at) & 0xffff;
    }

    long u32(long at) throws BinaryFormatException {
        check(at, 4, "32-bit number");
        return segment.get(U32, at) & 0xffffffffL;
    }

    /** 64 bits as they are: a value above 2^63 is negative. */
    long u64(long at) throws BinaryFormatException {
        check(at, 8, "64-bit number");
        return segment.get(U64, at);
    }

    /**
     * Whether the C string at {@code at} is {@code expected}; false when it runs out of the
     * segment.
     */
    boolean isString(long at, byte[] expected) throws BinaryFormatException {
        if (!has(at, expected.length + 1L)) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if (segment.get(JAVA_BYTE, at + i) != expected[i]) {
                return false;
            }
        }
        return segment.get(JAVA_BYTE, at + expected.length) == 0;
    }

    /**
     * The C string at {@code at}, cut at {@code maxBytes}; bytes that are not UTF-8 become U+FFFD.
     */
    String string(long at, int maxBytes) throws BinaryFormatException {
        check(at, 0, "string");
        int limit = (int) Math.min(maxBytes, segment.byteSize() - at);
        int length = 0;
        while (length < limit && segment.get(JAVA_BYTE, at + length) != 0) {
            length++;
        }
        byte[] copy = segment.asSlice(at, length).toArray(JAVA_BYTE);
        return new String(copy, StandardCharsets.UTF_8);
    }

    // internals

    private void check(long at, long lengthBytes, String what) throws BinaryFormatException {
        if (!has(at, lengthBytes)) {
            throw BinaryFormatException.corrupt(
                    "%s of %d bytes at offset 0x%x lies outside of the file's 0x%x bytes"
                            .formatted(what, lengthBytes, at, segment.byteSize()));
        }
    }
}
