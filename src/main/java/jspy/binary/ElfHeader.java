package jspy.binary;

import jspy.binary.BinaryFormatException.Kind;

/**
 * The head of an ELF file, of 32 or 64 bits: enough to say what it is; {@link Elf} reads on only
 * for 64. Offsets are bytes in the file. {@code Elf64_Ehdr}, elf.h
 */
public record ElfHeader(
        boolean is64Bit,
        Type type,
        int machine,
        long entryAddress,
        long programHeaderOffset,
        int programHeaderSizeBytes,
        int programHeaderCount,
        long sectionHeaderOffset,
        int sectionHeaderSizeBytes,
        int sectionHeaderCount,
        int sectionNamesIndex) {

    /** {@code EM_X86_64}, elf.h */
    public static final int MACHINE_X86_64 = 62;

    /** {@code EM_AARCH64}, elf.h */
    public static final int MACHINE_AARCH64 = 183;

    /** {@code e_type}: a fixed address, or wherever it was loaded (libraries and PIE). */
    public enum Type {
        EXECUTABLE,
        DYNAMIC,
        CORE,
        OTHER
    }

    private static final long MAGIC = 0x464c457fL;

    static ElfHeader read(Bytes bytes) throws BinaryFormatException {
        if (!bytes.has(0, 16) || bytes.u32(0) != MAGIC) {
            throw new BinaryFormatException(
                    Kind.NOT_THIS_FORMAT, "not an ELF file: no \\x7fELF at its start");
        }
        int fileClass = bytes.u8(4);
        int order = bytes.u8(5);
        if (order != 1) {
            throw new BinaryFormatException(
                    Kind.UNSUPPORTED,
                    "ELF file of byte order %d; jspy reads little-endian (1)".formatted(order));
        }
        return switch (fileClass) {
            case 1 -> read32(bytes);
            case 2 -> read64(bytes);
            default ->
                    throw BinaryFormatException.corrupt(
                            "ELF class %d is neither 1 nor 2".formatted(fileClass));
        };
    }

    public boolean isX86Machine() {
        return machine == MACHINE_X86_64;
    }

    /** {@code x86-64}, {@code aarch64}, or the number of another machine. */
    public String machineName() {
        return switch (machine) {
            case MACHINE_X86_64 -> is64Bit ? "x86-64" : "x32";
            case MACHINE_AARCH64 -> "aarch64";
            case 3 -> "i386";
            case 40 -> "arm";
            case 243 -> "riscv";
            default -> "ELF machine " + machine;
        };
    }

    // internals

    private static ElfHeader read64(Bytes bytes) throws BinaryFormatException {
        return new ElfHeader(
                true,
                type(bytes.u16(16)),
                bytes.u16(18),
                bytes.u64(24),
                bytes.u64(32),
                bytes.u16(54),
                bytes.u16(56),
                bytes.u64(40),
                bytes.u16(58),
                bytes.u16(60),
                bytes.u16(62));
    }

    private static ElfHeader read32(Bytes bytes) throws BinaryFormatException {
        return new ElfHeader(
                false,
                type(bytes.u16(16)),
                bytes.u16(18),
                bytes.u32(24),
                bytes.u32(28),
                bytes.u16(42),
                bytes.u16(44),
                bytes.u32(32),
                bytes.u16(46),
                bytes.u16(48),
                bytes.u16(50));
    }

    private static Type type(int number) {
        return switch (number) {
            case 2 -> Type.EXECUTABLE;
            case 3 -> Type.DYNAMIC;
            case 4 -> Type.CORE;
            default -> Type.OTHER;
        };
    }
}
