package jspy.binary;

/**
 * What the loader needs of a file: where its dynamic symbols, their strings and their hash table
 * are, as addresses. It is there when the section headers are stripped. {@code Elf64_Dyn}, elf.h
 */
record DynamicTable(
        long symbols, long strings, long stringsSizeBytes, long gnuHash, long sysvHash) {
    private static final int ENTRY_BYTES = 16;
    private static final int MAX_ENTRIES = 4096;

    /** {@code DT_NULL} and so on, elf.h */
    private static final long END = 0;

    private static final long HASH = 4;
    private static final long STRINGS = 5;
    private static final long SYMBOLS = 6;
    private static final long STRINGS_SIZE = 10;
    private static final long GNU_HASH = 0x6ffffef5L;

    static DynamicTable read(Bytes bytes) throws BinaryFormatException {
        long symbols = 0;
        long strings = 0;
        long stringsSize = 0;
        long gnuHash = 0;
        long sysvHash = 0;
        long count = Math.min(bytes.sizeBytes() / ENTRY_BYTES, MAX_ENTRIES);
        for (long i = 0; i < count; i++) {
            long tag = bytes.u64(i * ENTRY_BYTES);
            long value = bytes.u64(i * ENTRY_BYTES + 8);
            if (tag == END) {
                break;
            } else if (tag == SYMBOLS) {
                symbols = value;
            } else if (tag == STRINGS) {
                strings = value;
            } else if (tag == STRINGS_SIZE) {
                stringsSize = value;
            } else if (tag == GNU_HASH) {
                gnuHash = value;
            } else if (tag == HASH) {
                sysvHash = value;
            }
        }
        return new DynamicTable(symbols, strings, stringsSize, gnuHash, sysvHash);
    }
}
