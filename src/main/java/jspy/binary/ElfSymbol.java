package jspy.binary;

/**
 * A defined symbol. {@code address} is before the load bias (for {@link #TLS}: an offset in the
 * thread's block).
 */
public record ElfSymbol(String name, long address, long sizeBytes, int type) {
    /** {@code STT_NOTYPE}, elf.h: what hand-written code often leaves its functions at */
    public static final int NO_TYPE = 0;

    /** {@code STT_OBJECT}, elf.h */
    public static final int OBJECT = 1;

    /** {@code STT_FUNC}, elf.h */
    public static final int FUNCTION = 2;

    /** {@code STT_TLS}, elf.h */
    public static final int TLS = 6;

    /** {@code STT_GNU_IFUNC}, elf.h: chosen by the loader; the address is the choosing code */
    public static final int INDIRECT_FUNCTION = 10;
}
