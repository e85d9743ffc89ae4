package jspy.python;

import java.util.List;

/**
 * No interpreter that can be read was found in a process: what was tried, why not, what to do; the
 * message has all.
 */
public final class NoPythonException extends Exception {
    private static final long serialVersionUID = 1;

    /** The reason, for code. */
    public enum Reason {
        /** Nothing in the process looks like CPython. */
        NOT_PYTHON,
        /** A CPython whose structs are not known. */
        UNSUPPORTED_VERSION,
        /** A CPython that has not been initialised, or is ending. */
        NOT_READY,
        /** The files or the memory may not be read. */
        NOT_PERMITTED,
        /** The process ended meanwhile. */
        ENDED
    }

    private final Reason reason;
    private final String why;
    private final String remedy;
    private final transient List<String> tried;

    NoPythonException(Reason reason, String why, String remedy, List<String> tried) {
        super(message(why, remedy, tried));
        this.reason = reason;
        this.why = why;
        this.remedy = remedy;
        this.tried = List.copyOf(tried);
    }

    public Reason reason() {
        return reason;
    }

    public String why() {
        return why;
    }

    /** What to do; empty when nothing helps. */
    public String remedy() {
        return remedy;
    }

    /** What was looked at and what came of it, one sentence each. */
    public List<String> tried() {
        return tried;
    }

    // internals

    private static String message(String why, String remedy, List<String> tried) {
        StringBuilder message = new StringBuilder(why);
        if (!tried.isEmpty()) {
            message.append("\ntried: ").append(String.join("; ", tried));
        }
        if (!remedy.isEmpty()) {
            message.append('\n').append(remedy);
        }
        return message.toString();
    }
}
