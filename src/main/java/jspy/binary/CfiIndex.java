package jspy.binary;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code .eh_frame_hdr}: where {@code .eh_frame} is, and a table of functions sorted by their first
 * address to find one without reading all. LSB Core, "The .eh_frame_hdr section".
 */
public final class CfiIndex {
    /**
     * {@code DW_EH_PE_datarel | DW_EH_PE_sdata4}: pairs of 32-bit distances from the index; linkers
     * write nothing else, and nothing else can be searched without knowing more.
     */
    private static final int SEARCHABLE = 0x3b;

    private static final int PAIR_BYTES = 8;

    private final Bytes bytes;
    private final long address;
    private final long sectionAddress;
    private final long pairsAt;
    private final long count;

    private CfiIndex(Bytes bytes, long address, long sectionAddress, long pairsAt, long count) {
        this.bytes = bytes;
        this.address = address;
        this.sectionAddress = sectionAddress;
        this.pairsAt = pairsAt;
        this.count = count;
    }

    /** The index of that file, if it has one that can be searched. */
    public static Optional<CfiIndex> of(Elf elf) throws BinaryFormatException {
        return Elf.guarded(
                () -> Optional.ofNullable(readOrNull(elf)).filter(index -> index.count > 0));
    }

    /** How many functions it lists. */
    public long count() {
        return count;
    }

    /**
     * Offset in {@code .eh_frame} of the last function that starts at or before the address;
     * whether that one reaches so far is for its entry to say.
     */
    public OptionalLong find(long wanted) throws BinaryFormatException {
        return Elf.guarded(
                () -> {
                    long low = 0;
                    long high = count - 1;
                    while (low <= high) {
                        long middle = (low + high) >>> 1;
                        if (Long.compareUnsigned(start(middle), wanted) <= 0) {
                            low = middle + 1;
                        } else {
                            high = middle - 1;
                        }
                    }
                    if (high < 0) {
                        return OptionalLong.empty();
                    }
                    int distance = (int) bytes.u32(pairsAt + high * PAIR_BYTES + 4);
                    return OptionalLong.of(address + distance - sectionAddress);
                });
    }

    /** Null when there is none; one without a table has no functions. */
    static CfiIndex readOrNull(Elf elf) throws BinaryFormatException {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == CfiSection.INDEX_SEGMENT) {
                return readOrNull(elf.from(segment.address()), segment.address());
            }
        }
        return null;
    }

    long sectionAddress() {
        return sectionAddress;
    }

    // internals

    private static CfiIndex readOrNull(Bytes bytes, long address) throws BinaryFormatException {
        DwarfCursor cursor = new DwarfCursor(bytes, address);
        cursor.moveTo(0, bytes.sizeBytes());
        int version = cursor.u8();
        int sectionEncoding = cursor.u8();
        int countEncoding = cursor.u8();
        int tableEncoding = cursor.u8();
        if (version != 1 || sectionEncoding == DwarfCursor.ENCODING_OMITTED) {
            return null;
        }
        long sectionAddress = cursor.pointer(sectionEncoding, address);
        long count = 0;
        if (countEncoding != DwarfCursor.ENCODING_OMITTED && tableEncoding == SEARCHABLE) {
            count = cursor.pointer(countEncoding, address);
            if (count < 0
                    || count > bytes.sizeBytes()
                    || !bytes.has(cursor.at(), count * PAIR_BYTES)) {
                count = 0;
            }
        }
        return new CfiIndex(bytes, address, sectionAddress, cursor.at(), count);
    }

    private long start(long pair) throws BinaryFormatException {
        return address + (int) bytes.u32(pairsAt + pair * PAIR_BYTES);
    }
}
