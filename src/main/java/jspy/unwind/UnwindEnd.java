package jspy.unwind;

/** Why unwinding ended where it did, as an int for the hot path. */
public final class UnwindEnd {
    /** It did not end. */
    static final int NONE = -1;

    /** At the frame that nothing called: all frames are there. */
    public static final int ROOT = 0;

    /** The code there has no call frame information, and nothing else proves the next frame. */
    public static final int NO_RULE = 1;

    /** The program counter is not in executable memory. */
    public static final int NO_CODE = 2;

    /** The stack goes on beyond what was copied: {@link Unwinder#missing} has the address. */
    public static final int STACK_EDGE = 3;

    /** A register is needed whose value is not known there. */
    public static final int NO_REGISTER = 4;

    /** The caller's frame would not lie above this one. */
    public static final int NOT_GROWING = 5;

    /** The return address is 0. */
    public static final int NO_RETURN_ADDRESS = 6;

    /** The call frame information says something that jspy does not follow. */
    public static final int UNKNOWN_RULE = 7;

    private static final String[] REASONS = {
        "root",
        "no unwind information",
        "not in code",
        "end of the copied stack",
        "register not known",
        "stack does not grow",
        "no return address",
        "unwind information not understood"
    };

    private UnwindEnd() {}

    /** For people, behind {@code truncated:}. */
    public static String reason(int end) {
        return REASONS[end];
    }
}
