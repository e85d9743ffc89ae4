package jspy.binary;

/** A program header: what the loader maps where. {@code Elf64_Phdr}, elf.h */
public record ElfSegment(
        int type,
        int flags,
        long fileOffset,
        long address,
        long fileSizeBytes,
        long memorySizeBytes) {
    /** {@code PT_LOAD}, elf.h */
    public static final int LOAD = 1;

    /** {@code PT_DYNAMIC}, elf.h */
    public static final int DYNAMIC = 2;

    /** {@code PT_INTERP}, elf.h */
    public static final int INTERPRETER = 3;

    /** {@code PT_NOTE}, elf.h */
    public static final int NOTE = 4;

    /** {@code PF_X}, elf.h */
    public static final int EXECUTE = 1;

    /** {@code PF_W}, elf.h */
    public static final int WRITE = 2;

    static final int SIZE_BYTES = 56;

    static ElfSegment read(Bytes bytes, long at) throws BinaryFormatException {
        return new ElfSegment(
                (int) bytes.u32(at),
                (int) bytes.u32(at + 4),
                bytes.u64(at + 8),
                bytes.u64(at + 16),
                bytes.u64(at + 32),
                bytes.u64(at + 40));
    }

    public boolean isWritable() {
        return (flags & WRITE) != 0;
    }

    public boolean isExecutable() {
        return (flags & EXECUTE) != 0;
    }

    /** Whether the file holds the byte that is loaded at {@code address} (before the load bias). */
    boolean holds(long wanted) {
        return Long.compareUnsigned(wanted, address) >= 0
                && Long.compareUnsigned(wanted - address, fileSizeBytes) < 0;
    }
}
