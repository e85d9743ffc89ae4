package jspy.unwind;

/**
 * How to get from one frame to its caller, in two longs: where the CFA (the caller's stack
 * pointer), the caller's frame pointer and its program counter are. Static methods only: rules lie
 * in arrays.
 *
 * <p>First long, from the lowest bit: 32 of CFA offset or expression number, 8 of CFA register, 4
 * of CFA kind, 4 of frame pointer kind, 4 of return address kind, 1 exact, 1 signed, 6 of stack
 * pointer register + 1. Second: 32 of frame pointer value, 32 of return address value.
 */
final class Rule {
    // kinds of a CFA
    /** No call frame information is there. */
    static final int NONE = 0;

    /** There is no caller: a thread or the program starts here. */
    static final int ROOT = 1;

    /** Register + offset. */
    static final int REGISTER = 2;

    /** Value of the expression of that number. */
    static final int EXPRESSION = 3;

    /** Something is said that cannot be followed. */
    static final int UNKNOWN = 4;

    /** The kernel's trampoline of a signal handler: all registers are on the stack. */
    static final int SIGNAL = 5;

    // kinds of a register
    /** It was not touched. */
    static final int SAME = 0;

    /** Saved at CFA + value. */
    static final int AT_CFA = 1;

    static final int LOST = 2;

    /** Is CFA + value. */
    static final int CFA_PLUS = 3;

    /** In the register of that number. */
    static final int IN_REGISTER = 4;

    /** Saved at what the expression of that number gives. */
    static final int AT_EXPRESSION = 5;

    /** Is what the expression of that number gives. */
    static final int VALUE_EXPRESSION = 6;

    private static final int REGISTER_SHIFT = 32;
    private static final int CFA_SHIFT = 40;
    private static final int FRAME_SHIFT = 44;
    private static final int RETURN_SHIFT = 48;
    private static final long EXACT = 1L << 52;
    private static final long SIGNED = 1L << 53;
    private static final int STACK_SHIFT = 54;

    /** The stack pointer is somewhere that {@link #stackRegister} cannot say. */
    static final int STACK_LOST = 62;

    private Rule() {}

    static long first(int cfaKind, int register, int value, int frameKind, int returnKind) {
        return value & 0xffffffffL
                | (long) register << REGISTER_SHIFT
                | (long) cfaKind << CFA_SHIFT
                | (long) frameKind << FRAME_SHIFT
                | (long) returnKind << RETURN_SHIFT;
    }

    static long second(int frameValue, int returnValue) {
        return frameValue & 0xffffffffL | (long) returnValue << 32;
    }

    /** A rule of a kind that needs no more. */
    static long of(int cfaKind) {
        return (long) cfaKind << CFA_SHIFT;
    }

    static long exact(long first) {
        return first | EXACT;
    }

    static long signed(long first) {
        return first | SIGNED;
    }

    /** The caller's stack pointer is not the CFA but in that register. */
    static long stackIn(long first, int register) {
        return first | (long) (register + 1) << STACK_SHIFT;
    }

    static int cfaKind(long first) {
        return (int) (first >>> CFA_SHIFT) & 0xf;
    }

    static int cfaRegister(long first) {
        return (int) (first >>> REGISTER_SHIFT) & 0xff;
    }

    static int cfaValue(long first) {
        return (int) first;
    }

    static int frameKind(long first) {
        return (int) (first >>> FRAME_SHIFT) & 0xf;
    }

    static int returnKind(long first) {
        return (int) (first >>> RETURN_SHIFT) & 0xf;
    }

    /** The caller was interrupted, it did not call: its program counter is not behind a call. */
    static boolean isExact(long first) {
        return (first & EXACT) != 0;
    }

    /** The return address carries a pointer authentication code. */
    static boolean isSigned(long first) {
        return (first & SIGNED) != 0;
    }

    /** The register that the caller's stack pointer is in; -1: it is the CFA. */
    static int stackRegister(long first) {
        return ((int) (first >>> STACK_SHIFT) & 0x3f) - 1;
    }

    static int frameValue(long second) {
        return (int) second;
    }

    static int returnValue(long second) {
        return (int) (second >>> 32);
    }
}
