package jspy.binary;

/**
 * Reads call frame information and line tables from one place to the next: LEB128 numbers and
 * encoded pointers, by DWARF 5 section 7.6 and the LSB's "Exception Frames". Every read stays
 * before {@code end}, which lies inside the section.
 */
final class DwarfCursor {
    /** {@code DW_EH_PE_*}, LSB Core, "DWARF Exception Header Encoding" */
    static final int ENCODING_ABSOLUTE = 0x00;

    static final int ENCODING_OMITTED = 0xff;

    private static final int FORMAT = 0x0f;
    private static final int ULEB128 = 0x01;
    private static final int U16 = 0x02;
    private static final int U32 = 0x03;
    private static final int U64 = 0x04;
    private static final int SLEB128 = 0x09;
    private static final int S16 = 0x0a;
    private static final int S32 = 0x0b;
    private static final int S64 = 0x0c;

    private static final int BASE = 0x70;
    private static final int BASE_NONE = 0x00;
    private static final int BASE_HERE = 0x10;
    private static final int BASE_DATA = 0x30;

    private static final int MAX_LEB_BYTES = 10;

    private final Bytes bytes;

    /** Address at which the section's first byte is loaded. */
    private final long address;

    private long at;
    private long end;

    DwarfCursor(Bytes bytes, long address) {
        this.bytes = bytes;
        this.address = address;
        end = bytes.sizeBytes();
    }

    DwarfCursor moveTo(long newAt, long newEnd) {
        at = newAt;
        end = newEnd;
        return this;
    }

    long at() {
        return at;
    }

    boolean hasMore() {
        return at < end;
    }

    void skip(long lengthBytes) throws BinaryFormatException {
        need(lengthBytes);
        at += lengthBytes;
    }

    int u8() throws BinaryFormatException {
        need(1);
        return bytes.u8(at++);
    }

    int u16() throws BinaryFormatException {
        need(2);
        at += 2;
        return bytes.u16(at - 2);
    }

    long u32() throws BinaryFormatException {
        need(4);
        at += 4;
        return bytes.u32(at - 4);
    }

    long u64() throws BinaryFormatException {
        need(8);
        at += 8;
        return bytes.u64(at - 8);
    }

    /** Bits above the 64th are dropped. */
    long uleb() throws BinaryFormatException {
        long value = 0;
        for (int i = 0; i < MAX_LEB_BYTES; i++) {
            int part = u8();
            value |= (long) (part & 0x7f) << (7 * i);
            if ((part & 0x80) == 0) {
                return value;
            }
        }
        throw BinaryFormatException.corrupt("LEB128 number of more than 10 bytes");
    }

    long sleb() throws BinaryFormatException {
        long value = 0;
        for (int i = 0; i < MAX_LEB_BYTES; i++) {
            int part = u8();
            value |= (long) (part & 0x7f) << (7 * i);
            if ((part & 0x80) == 0) {
                int bits = 7 * (i + 1);
                return bits < 64 && (part & 0x40) != 0 ? value | -1L << bits : value;
            }
        }
        throw BinaryFormatException.corrupt("LEB128 number of more than 10 bytes");
    }

    /** A C string of at most {@code maxBytes}. */
    String string(int maxBytes) throws BinaryFormatException {
        long from = at;
        long limit = Math.min(end, from + maxBytes + 1L);
        while (at < limit) {
            if (u8() == 0) {
                return bytes.string(from, (int) (at - from));
            }
        }
        throw BinaryFormatException.corrupt("string without an end");
    }

    /**
     * A pointer; what it points to when it is an indirect one is not looked at ({@link #skip} it).
     *
     * @param dataBase what a pointer relative to data counts from
     */
    long pointer(int encoding, long dataBase) throws BinaryFormatException {
        long here = address + at;
        long value = number(encoding & FORMAT);
        return switch (encoding & BASE) {
            case BASE_NONE -> value;
            case BASE_HERE -> here + value;
            case BASE_DATA -> dataBase + value;
            default ->
                    throw BinaryFormatException.corrupt(
                            "pointer encoding 0x%x".formatted(encoding));
        };
    }

    /** The number of a pointer's format alone, as lengths have it. */
    long number(int format) throws BinaryFormatException {
        return switch (format & FORMAT) {
            case ENCODING_ABSOLUTE, U64, S64 -> u64();
            case ULEB128 -> uleb();
            case U16 -> u16();
            case U32 -> u32();
            case SLEB128 -> sleb();
            case S16 -> (short) u16();
            case S32 -> (int) u32();
            default -> throw BinaryFormatException.corrupt("pointer format 0x%x".formatted(format));
        };
    }

    // internals

    private void need(long lengthBytes) throws BinaryFormatException {
        if (lengthBytes < 0 || lengthBytes > end - at) {
            throw BinaryFormatException.corrupt(
                    "what is read ends at offset 0x%x, %d bytes too early"
                            .formatted(end, lengthBytes - (end - at)));
        }
    }
}
