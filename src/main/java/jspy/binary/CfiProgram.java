package jspy.binary;

/**
 * Runs call frame instructions: DWARF 5 section 6.4.2, the GNU extensions of the LSB, and aarch64's
 * (DWARF for the Arm 64-bit Architecture). One thread; allocates while it meets a deeper nesting of
 * remembered states than before.
 */
final class CfiProgram {
    /** Deeper nesting than any compiler's, against a file that only remembers. */
    private static final int MAX_REMEMBERED = 256;

    private static final int OPERAND = 0x3f;

    // the upper two bits
    private static final int ADVANCE_LOC = 1;
    private static final int OFFSET = 2;
    private static final int RESTORE = 3;

    // DW_CFA_*
    private static final int NOP = 0x00;
    private static final int SET_LOC = 0x01;
    private static final int ADVANCE_LOC1 = 0x02;
    private static final int ADVANCE_LOC2 = 0x03;
    private static final int ADVANCE_LOC4 = 0x04;
    private static final int OFFSET_EXTENDED = 0x05;
    private static final int RESTORE_EXTENDED = 0x06;
    private static final int UNDEFINED = 0x07;
    private static final int SAME_VALUE = 0x08;
    private static final int REGISTER = 0x09;
    private static final int REMEMBER_STATE = 0x0a;
    private static final int RESTORE_STATE = 0x0b;
    private static final int DEF_CFA = 0x0c;
    private static final int DEF_CFA_REGISTER = 0x0d;
    private static final int DEF_CFA_OFFSET = 0x0e;
    private static final int DEF_CFA_EXPRESSION = 0x0f;
    private static final int EXPRESSION = 0x10;
    private static final int OFFSET_EXTENDED_SF = 0x11;
    private static final int DEF_CFA_SF = 0x12;
    private static final int DEF_CFA_OFFSET_SF = 0x13;
    private static final int VAL_OFFSET = 0x14;
    private static final int VAL_OFFSET_SF = 0x15;
    private static final int VAL_EXPRESSION = 0x16;
    private static final int AARCH64_NEGATE_RA_STATE_WITH_PC = 0x2c;
    private static final int AARCH64_NEGATE_RA_STATE = 0x2d;
    private static final int GNU_ARGS_SIZE = 0x2e;
    private static final int GNU_NEGATIVE_OFFSET_EXTENDED = 0x2f;

    private final DwarfCursor cursor;
    private final CfiState state = new CfiState();
    private CfiState[] remembered = {new CfiState()};
    private int depth;

    CfiProgram(DwarfCursor cursor) {
        this.cursor = cursor;
    }

    /** Runs a common entry's instructions; the state they leave is copied to {@code initial}. */
    void runCommon(CfiCommon common, long at, long end, CfiState initial)
            throws BinaryFormatException {
        depth = 0;
        state.copyFrom(initial);
        cursor.moveTo(at, end);
        while (cursor.hasMore()) {
            step(common, cursor.u8(), 0);
        }
        initial.copyFrom(state);
    }

    /**
     * Runs a function's instructions and gives out its rows, in order of their addresses. What
     * comes back below the last address or beyond the function's end is not given out.
     *
     * @return the address from which on nothing is known because an instruction is not understood;
     *     the function's end when all are
     */
    long run(CfiFunction function, CfiSection.Rows rows) throws BinaryFormatException {
        CfiCommon common = function.common();
        depth = 0;
        state.copyFrom(common.initial());
        cursor.moveTo(function.instructionsAt(), function.instructionsEnd());
        long location = function.start();
        try {
            while (cursor.hasMore()) {
                long next = step(common, cursor.u8(), location);
                if (next != location) {
                    if (Long.compareUnsigned(next, location) < 0
                            || Long.compareUnsigned(next, function.end()) >= 0) {
                        break;
                    }
                    rows.row(location, state);
                    location = next;
                }
            }
        } catch (BinaryFormatException e) {
            return location;
        }
        rows.row(location, state);
        return function.end();
    }

    // internals

    /** One instruction; the address that the rules hold from after it. */
    private long step(CfiCommon common, int instruction, long location)
            throws BinaryFormatException {
        int operand = instruction & OPERAND;
        switch (instruction >> 6) {
            case ADVANCE_LOC:
                return location + operand * common.codeAlignment();
            case OFFSET:
                state.set(operand, CfiState.AT_OFFSET, cursor.uleb() * common.dataAlignment());
                return location;
            case RESTORE:
                state.restore(operand, common.initial());
                return location;
            default:
                return extended(common, instruction, location);
        }
    }

    private long extended(CfiCommon common, int instruction, long location)
            throws BinaryFormatException {
        long codeAlignment = common.codeAlignment();
        switch (instruction) {
            case SET_LOC:
                return cursor.pointer(common.pointerEncoding(), 0);
            case ADVANCE_LOC1:
                return location + cursor.u8() * codeAlignment;
            case ADVANCE_LOC2:
                return location + cursor.u16() * codeAlignment;
            case ADVANCE_LOC4:
                return location + cursor.u32() * codeAlignment;
            default:
                rule(common, instruction);
                return location;
        }
    }

    private void rule(CfiCommon common, int instruction) throws BinaryFormatException {
        long dataAlignment = common.dataAlignment();
        switch (instruction) {
            case NOP -> {}
            case OFFSET_EXTENDED ->
                    state.set(cursor.uleb(), CfiState.AT_OFFSET, cursor.uleb() * dataAlignment);
            case OFFSET_EXTENDED_SF ->
                    state.set(cursor.uleb(), CfiState.AT_OFFSET, cursor.sleb() * dataAlignment);
            case GNU_NEGATIVE_OFFSET_EXTENDED ->
                    state.set(cursor.uleb(), CfiState.AT_OFFSET, -cursor.uleb() * dataAlignment);
            case VAL_OFFSET ->
                    state.set(cursor.uleb(), CfiState.OFFSET, cursor.uleb() * dataAlignment);
            case VAL_OFFSET_SF ->
                    state.set(cursor.uleb(), CfiState.OFFSET, cursor.sleb() * dataAlignment);
            case RESTORE_EXTENDED -> state.restore(cursor.uleb(), common.initial());
            case UNDEFINED -> state.set(cursor.uleb(), CfiState.UNDEFINED, 0);
            case SAME_VALUE -> state.set(cursor.uleb(), CfiState.SAME, 0);
            case REGISTER -> state.set(cursor.uleb(), CfiState.IN_REGISTER, cursor.uleb());
            case EXPRESSION -> state.set(cursor.uleb(), CfiState.AT_EXPRESSION, expression());
            case VAL_EXPRESSION -> state.set(cursor.uleb(), CfiState.EXPRESSION, expression());
            case DEF_CFA -> state.setCfa(cursor.uleb(), cursor.uleb());
            case DEF_CFA_SF -> state.setCfa(cursor.uleb(), cursor.sleb() * dataAlignment);
            case DEF_CFA_REGISTER -> state.setCfa(cursor.uleb(), state.cfaOffset());
            case DEF_CFA_OFFSET -> state.setCfaOffset(cursor.uleb());
            case DEF_CFA_OFFSET_SF -> state.setCfaOffset(cursor.sleb() * dataAlignment);
            case DEF_CFA_EXPRESSION -> state.setCfaExpression(expression());
            case REMEMBER_STATE -> remember();
            case RESTORE_STATE -> restoreRemembered();
            case GNU_ARGS_SIZE -> cursor.uleb();
            case AARCH64_NEGATE_RA_STATE, AARCH64_NEGATE_RA_STATE_WITH_PC -> state.toggleSigned();
            default ->
                    throw BinaryFormatException.corrupt(
                            "call frame instruction 0x%x".formatted(instruction));
        }
    }

    private long expression() throws BinaryFormatException {
        long lengthBytes = cursor.uleb();
        long at = cursor.at();
        cursor.skip(lengthBytes);
        if (at > Integer.MAX_VALUE) {
            throw BinaryFormatException.corrupt("expression beyond 2 GiB of its section");
        }
        return at << 32 | lengthBytes;
    }

    private void remember() throws BinaryFormatException {
        if (depth == MAX_REMEMBERED) {
            throw BinaryFormatException.corrupt("more remembered states than any code needs");
        }
        if (depth == remembered.length) {
            CfiState[] more = new CfiState[depth * 2];
            System.arraycopy(remembered, 0, more, 0, depth);
            for (int i = depth; i < more.length; i++) {
                more[i] = new CfiState();
            }
            remembered = more;
        }
        remembered[depth++].copyFrom(state);
    }

    private void restoreRemembered() throws BinaryFormatException {
        if (depth == 0) {
            throw BinaryFormatException.corrupt("a state is restored that was not remembered");
        }
        state.copyFrom(remembered[--depth]);
    }
}
