package jspy.python;

import jspy.layout.PythonVersion;

/**
 * Which line each instruction of a code object came from. Immutable; decoded once, looked up by
 * binary search. Any bytes make a table: what they cannot say is {@link #NO_LINE}.
 */
public sealed interface LineTable permits Lnotab, RangeTable, LocationTable {

    /** No line is known. */
    int NO_LINE = 0;

    /**
     * The line of the instruction at this offset in bytes from the first one. Before the first it
     * is the first line of the code; an instruction to which the compiler gave no line has that of
     * the nearest before it, or after it.
     */
    int lineAt(long offsetBytes);

    /** The same with columns, where the table has them. */
    default Position positionAt(long offsetBytes) {
        return Position.ofLine(lineAt(offsetBytes));
    }

    /**
     * The table of a version.
     *
     * @param data the table, without the header of its bytes object
     * @param whole false when {@code data} is only its beginning
     */
    static LineTable of(PythonVersion version, byte[] data, int firstLine, boolean whole) {
        if (version.atLeast(3, 11)) {
            return new LocationTable(data, firstLine);
        }
        if (version.atLeast(3, 10)) {
            return new RangeTable(data, firstLine);
        }
        return new Lnotab(data, firstLine, version.atLeast(3, 6), whole);
    }
}
