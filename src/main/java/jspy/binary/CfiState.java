package jspy.binary;

/**
 * Where a caller's registers are, at one instruction: one row of what {@code readelf
 * --debug-dump=frames-interp} prints. The canonical frame address (CFA) is the caller's stack
 * pointer. Mutable while a function's instructions run; registers are DWARF numbers.
 */
public final class CfiState {
    /** Registers whose rules are kept: all general ones of x86-64 (0–16) and aarch64 (0–31). */
    public static final int REGISTERS = 33;

    /** Nothing was said: the register keeps its value. */
    public static final byte UNSPECIFIED = 0;

    /** The register's value is lost; for the return address: there is no caller. */
    public static final byte UNDEFINED = 1;

    public static final byte SAME = 2;

    /** Saved at CFA + value. */
    public static final byte AT_OFFSET = 3;

    /** Is CFA + value. */
    public static final byte OFFSET = 4;

    /** Is in register number value. */
    public static final byte IN_REGISTER = 5;

    /** Saved at what the expression gives. */
    public static final byte AT_EXPRESSION = 6;

    /** Is what the expression gives. */
    public static final byte EXPRESSION = 7;

    private final byte[] kinds = new byte[REGISTERS];

    /**
     * By kind; of an expression the offset in the section in the upper, its length in the lower
     * half.
     */
    private final long[] values = new long[REGISTERS];

    private int cfaRegister;
    private long cfaOffset;
    private long cfaExpression;
    private boolean isCfaExpression;
    private boolean isReturnAddressSigned;

    /** CFA is a register plus an offset, or the value of an expression. */
    public boolean isCfaExpression() {
        return isCfaExpression;
    }

    public int cfaRegister() {
        return cfaRegister;
    }

    public long cfaOffset() {
        return cfaOffset;
    }

    /** Handle for {@link CfiSection#expression}. */
    public long cfaExpression() {
        return cfaExpression;
    }

    public int kind(int register) {
        return kinds[register];
    }

    /** Offset, register number, or handle for {@link CfiSection#expression}, by the kind. */
    public long value(int register) {
        return values[register];
    }

    /** aarch64: the return address carries a pointer authentication code. */
    public boolean isReturnAddressSigned() {
        return isReturnAddressSigned;
    }

    void copyFrom(CfiState other) {
        System.arraycopy(other.kinds, 0, kinds, 0, REGISTERS);
        System.arraycopy(other.values, 0, values, 0, REGISTERS);
        cfaRegister = other.cfaRegister;
        cfaOffset = other.cfaOffset;
        cfaExpression = other.cfaExpression;
        isCfaExpression = other.isCfaExpression;
        isReturnAddressSigned = other.isReturnAddressSigned;
    }

    /** Registers beyond those that are kept are passed over. */
    void set(long register, byte kind, long value) {
        if (register >= 0 && register < REGISTERS) {
            kinds[(int) register] = kind;
            values[(int) register] = value;
        }
    }

    void restore(long register, CfiState initial) {
        if (register >= 0 && register < REGISTERS) {
            kinds[(int) register] = initial.kinds[(int) register];
            values[(int) register] = initial.values[(int) register];
        }
    }

    void setCfa(long register, long offset) throws BinaryFormatException {
        if (register < 0 || register >= REGISTERS) {
            throw BinaryFormatException.corrupt("CFA by register %d".formatted(register));
        }
        cfaRegister = (int) register;
        cfaOffset = offset;
        isCfaExpression = false;
    }

    /**
     * Behind an expression it changes nothing yet: gcc 14 writes that for functions with scalable
     * vectors, and libgcc keeps the expression.
     */
    void setCfaOffset(long offset) {
        cfaOffset = offset;
    }

    void setCfaExpression(long expression) {
        cfaExpression = expression;
        isCfaExpression = true;
    }

    void toggleSigned() {
        isReturnAddressSigned = !isReturnAddressSigned;
    }
}
