package jspy.python;

/**
 * Where in its file an instruction came from. Lines count from 1, columns are UTF-8 bytes from 0.
 *
 * @param endLine last line, or {@link LineTable#NO_LINE}
 * @param column or {@link #UNKNOWN}
 * @param endColumn one past the last byte, or {@link #UNKNOWN}
 */
public record Position(int line, int endLine, int column, int endColumn) {
    /** The table has no column here. */
    public static final int UNKNOWN = -1;

    static Position ofLine(int line) {
        return new Position(line, line, UNKNOWN, UNKNOWN);
    }
}
