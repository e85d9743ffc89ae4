package jspy.python;

/**
 * A code object as people know it.
 *
 * @param name {@code co_name}, or {@link #UNREADABLE}
 * @param qualname {@code co_qualname}; before 3.11, where there is none, the name
 * @param filename {@code co_filename}, or {@link #UNREADABLE}
 * @param firstLine {@code co_firstlineno}; 0 when it could not be read
 * @param flags {@code co_flags}
 * @param lines which line each instruction came from
 * @param whole whether all of it was read; false: a name may be cut (it then ends in an ellipsis)
 *     and far instructions may lack their line
 */
public record CodeInfo(
        String name,
        String qualname,
        String filename,
        int firstLine,
        int flags,
        LineTable lines,
        boolean whole) {

    /** Stands for a name that could not be read. */
    public static final String UNREADABLE = "<unreadable>";

    /**
     * The line of the instruction, or the nearest useful one where the compiler gave it none;
     * {@link LineTable#NO_LINE} when it is not known.
     *
     * @param instructionOffsetBytes from the first instruction; negative before the first has run
     */
    public int lineAt(long instructionOffsetBytes) {
        return lines.lineAt(instructionOffsetBytes);
    }
}
