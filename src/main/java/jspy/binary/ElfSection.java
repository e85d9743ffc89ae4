package jspy.binary;

/**
 * A section header. {@code address} is before the load bias; a section of type {@link #NO_BITS} has
 * a size in memory and none in the file. {@code Elf64_Shdr}, elf.h
 */
public record ElfSection(
        String name,
        int type,
        long flags,
        long address,
        long fileOffset,
        long sizeBytes,
        int link,
        long entrySizeBytes) {

    /** {@code SHT_SYMTAB}, elf.h */
    public static final int SYMBOLS = 2;

    /** {@code SHT_NOTE}, elf.h */
    public static final int NOTE = 7;

    /** {@code SHT_NOBITS}, elf.h */
    public static final int NO_BITS = 8;

    /** {@code SHT_DYNSYM}, elf.h */
    public static final int DYNAMIC_SYMBOLS = 11;

    /** {@code SHF_WRITE}, elf.h */
    public static final long WRITE = 1;

    /** {@code SHF_ALLOC}, elf.h */
    public static final long ALLOCATED = 2;

    /** {@code SHF_COMPRESSED}, elf.h */
    public static final long COMPRESSED = 0x800;

    static final int SIZE_BYTES = 64;

    private static final int MAX_NAME_BYTES = 256;

    static ElfSection read(Bytes bytes, long at, Bytes names) throws BinaryFormatException {
        long nameAt = bytes.u32(at);
        return new ElfSection(
                names.has(nameAt, 1) ? names.string(nameAt, MAX_NAME_BYTES) : "",
                (int) bytes.u32(at + 4),
                bytes.u64(at + 8),
                bytes.u64(at + 16),
                bytes.u64(at + 24),
                bytes.u64(at + 32),
                (int) bytes.u32(at + 40),
                bytes.u64(at + 56));
    }

    public boolean hasBytesInFile() {
        return type != NO_BITS;
    }

    public boolean isWritable() {
        return (flags & WRITE) != 0;
    }

    public boolean isCompressed() {
        return (flags & COMPRESSED) != 0;
    }
}
