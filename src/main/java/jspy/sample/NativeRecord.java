package jspy.sample;

/**
 * A native frame as one long, which is never that of a Python frame: the highest bit is set. Equal
 * longs are the same place in the same code, so that a stack travels as what differs from the one
 * before.
 *
 * <pre>
 * 63      set
 * 56–62   flags
 * 32–55   number of the module in {@link NativeModuleTable}
 * 0–31    offset from the module's start in the process
 * </pre>
 *
 * <p>Of an address in no module bits 0–55 are the address itself; of a mark bits 0–31 say why.
 */
final class NativeRecord {
    /** The instruction at hand, not the one behind a call. */
    static final int EXACT = 1;

    /** It runs Python frames. */
    static final int EVAL_LOOP = 2;

    /** What lies between it and the frame that it called was found without its code's help. */
    static final int GAP = 4;

    /** In no executable memory. */
    static final int NO_CODE = 8;

    /** No frame: native frames are missing here, for this {@link jspy.unwind.UnwindEnd}. */
    static final int MISSING = 16;

    private static final int FLAGS_SHIFT = 56;
    private static final int FLAGS_MASK = 0x7f;
    private static final int MODULE_SHIFT = 32;
    private static final int MODULE_MASK = 0xffffff;
    private static final long ADDRESS_MASK = (1L << FLAGS_SHIFT) - 1;

    private NativeRecord() {}

    static boolean isNative(long frame) {
        return frame < 0;
    }

    static long inModule(int module, long offset, int flags) {
        return flags(flags) | (long) (module & MODULE_MASK) << MODULE_SHIFT | offset & 0xFFFFFFFFL;
    }

    static long nowhere(long address, int flags) {
        return flags(flags | NO_CODE) | address & ADDRESS_MASK;
    }

    static long missing(int unwindEnd) {
        return flags(MISSING) | unwindEnd;
    }

    static boolean has(long frame, int flag) {
        return (frame >>> FLAGS_SHIFT & flag) != 0;
    }

    static int module(long frame) {
        return (int) (frame >>> MODULE_SHIFT) & MODULE_MASK;
    }

    static long offset(long frame) {
        return frame & 0xFFFFFFFFL;
    }

    static long address(long frame) {
        return frame & ADDRESS_MASK;
    }

    static int unwindEnd(long frame) {
        return (int) frame;
    }

    // internals

    private static long flags(int flags) {
        return Long.MIN_VALUE | (long) (flags & FLAGS_MASK) << FLAGS_SHIFT;
    }
}
