package jspy.binary;

/**
 * Runs line number programs: DWARF 4 section 6.2.5, which is also that of versions 2, 3 and 5. Of
 * very long instruction words, whose instructions have several operations, it knows nothing.
 */
final class LineProgram {
    /** What is told of each row. */
    interface Rows {
        /**
         * @param isEnd the address is one behind the sequence; the line means nothing
         * @return whether to go on
         */
        boolean row(long address, long file, long line, boolean isEnd) throws BinaryFormatException;
    }

    private static final int EXTENDED = 0;
    private static final int COPY = 1;
    private static final int ADVANCE_ADDRESS = 2;
    private static final int ADVANCE_LINE = 3;
    private static final int SET_FILE = 4;
    private static final int CONST_ADD_ADDRESS = 8;
    private static final int FIXED_ADVANCE_ADDRESS = 9;
    private static final int END_SEQUENCE = 1;
    private static final int SET_ADDRESS = 2;
    private static final int DEFINE_FILE = 3;
    private static final int HIGHEST_SPECIAL = 255;

    private final LineUnit unit;
    private final DwarfCursor in;
    private long address;
    private long file;
    private long line;

    LineProgram(LineUnit unit, DwarfCursor in) {
        this.unit = unit;
        this.in = in;
    }

    /** From the beginning of a sequence to the unit's end, or until told to stop. */
    void run(long from, Rows rows) throws BinaryFormatException {
        in.moveTo(from, unit.end());
        reset();
        boolean goesOn = true;
        while (goesOn && in.hasMore()) {
            int opcode = in.u8();
            if (opcode >= unit.opcodeBase()) {
                special(opcode);
                goesOn = rows.row(address, file, line, false);
            } else if (opcode == EXTENDED) {
                goesOn = extended(rows);
            } else if (opcode == COPY) {
                goesOn = rows.row(address, file, line, false);
            } else {
                standard(opcode);
            }
        }
    }

    /** Where what comes next stands: behind the end of a sequence the next one begins. */
    long at() {
        return in.at();
    }

    // internals

    private void reset() {
        address = 0;
        file = 1;
        line = 1;
    }

    private void special(int opcode) {
        int adjusted = opcode - unit.opcodeBase();
        address += (long) operations(adjusted) * unit.minInstructionBytes();
        if (unit.lineRange() != 0) {
            line += unit.lineBase() + adjusted % unit.lineRange();
        }
    }

    private int operations(int adjusted) {
        return unit.lineRange() == 0 ? 0 : adjusted / unit.lineRange();
    }

    private void standard(int opcode) throws BinaryFormatException {
        switch (opcode) {
            case ADVANCE_ADDRESS -> address += in.uleb() * unit.minInstructionBytes();
            case ADVANCE_LINE -> line += in.sleb();
            case SET_FILE -> file = in.uleb();
            case CONST_ADD_ADDRESS ->
                    address +=
                            (long) operations(HIGHEST_SPECIAL - unit.opcodeBase())
                                    * unit.minInstructionBytes();
            case FIXED_ADVANCE_ADDRESS -> address += in.u16();
            default -> {
                for (int i = 0; i < unit.operandCounts()[opcode]; i++) {
                    in.uleb(); // columns, blocks, discriminators and what later versions add
                }
            }
        }
    }

    private boolean extended(Rows rows) throws BinaryFormatException {
        long lengthBytes = in.uleb();
        long next = in.at() + lengthBytes;
        if (lengthBytes <= 0) {
            return true; // nothing, as some assemblers fill up with
        }
        boolean goesOn = true;
        switch (in.u8()) {
            case END_SEQUENCE -> {
                in.moveTo(next, unit.end());
                goesOn = rows.row(address, file, line, true);
                reset();
            }
            case SET_ADDRESS -> address = lengthBytes >= 9 ? in.u64() : in.u32();
            case DEFINE_FILE -> {
                String name = in.string((int) Math.min(lengthBytes, Integer.MAX_VALUE));
                unit.files().add(new LineUnit.File(name, in.uleb()));
            }
            default -> {}
        }
        if (next < in.at() || next > unit.end()) {
            throw BinaryFormatException.corrupt(
                    "extended opcode of %d bytes in a line table".formatted(lengthBytes));
        }
        in.moveTo(next, unit.end());
        return goesOn;
    }
}
