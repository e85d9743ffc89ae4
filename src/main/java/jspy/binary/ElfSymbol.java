package jspy.binary;

/**
 * A defined symbol. {@code address} is before the load bias (for {@link #TLS}: an offset in the
 * thread's block).
 */
public record ElfSymbol(String name, long address, long sizeBytes, int type) {
    /** {@code STT_OBJECT}, elf.h */
    public static final int OBJECT = 1;

    /** {@code STT_FUNC}, elf.h */
    public static final int FUNCTION = 2;

    /** {@code STT_TLS}, elf.h */
    public static final int TLS = 6;
}
