package jspy.profile;

import java.util.Objects;

/**
 * One resolved Python frame, or a mark that stands where a frame could not be read.
 *
 * <p>The names come from the target: they may hold any character, lone surrogates and line breaks
 * too. Writers make them harmless, nobody else does.
 *
 * @param function the qualified name, as CPython says it
 * @param file the path as CPython says it, empty for marks
 * @param shortFile the path as it is shown, empty for marks
 * @param line the line, counted from 1; 0 when it is unknown or not wanted
 */
public record Frame(String function, String file, String shortFile, int line) {
    /**
     * No frame of a target has this line, as negative lines become 0: so no target can forge a
     * mark.
     */
    private static final int MARK = Integer.MIN_VALUE;

    private static final Frame TORN = mark("[torn]");
    private static final Frame UNREADABLE = mark("<unreadable>");
    private static final Frame OTHERS = mark("[other functions]");

    public Frame {
        Objects.requireNonNull(function, "function");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(shortFile, "shortFile");
        if (line < 0 && !(line == MARK && file.isEmpty() && shortFile.isEmpty())) {
            line = 0;
        }
    }

    /** Stands above the last frame that is certain: what ran there changed while it was read. */
    public static Frame torn() {
        return TORN;
    }

    /** Stands where jspy stopped walking, such as {@code truncated("no memory below")}. */
    public static Frame truncated(String reason) {
        return mark("[truncated: " + reason + "]");
    }

    /** Stands for a frame that was there but whose name could not be read. */
    public static Frame unreadable() {
        return UNREADABLE;
    }

    /** Stands for functions that came after so many others that their names are not kept. */
    public static Frame others() {
        return OTHERS;
    }

    /** A frame that groups stacks: a process or a thread of the target. */
    public static Frame group(String name) {
        return mark(name);
    }

    /** Whether this is jspy's own word (a mark or a group) rather than a frame of the target. */
    public boolean isMark() {
        return line == MARK;
    }

    /** Whether the line is known and wanted. */
    public boolean hasLine() {
        return line > 0;
    }

    /**
     * As py-spy writes it: {@code f (deep.py:8)}, {@code f (deep.py)} without a line, {@code
     * [torn]} for a mark.
     */
    public String label() {
        if (shortFile.isEmpty()) {
            return function;
        }
        return function + " (" + shortFile + (hasLine() ? ":" + line : "") + ")";
    }

    // internals

    private static Frame mark(String text) {
        return new Frame(text, "", "", MARK);
    }
}
