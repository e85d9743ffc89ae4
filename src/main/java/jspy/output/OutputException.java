package jspy.output;

import java.nio.file.Path;

/** A profile cannot be written: what was tried, why it failed and what to do, in one line. */
public final class OutputException extends Exception {
    private static final long serialVersionUID = 1L;

    OutputException(Path path, String why, String whatToDo) {
        super("cannot write " + path + ": " + why + "; " + whatToDo);
    }

    OutputException(Path path, String why, String whatToDo, Throwable cause) {
        this(path, why, whatToDo);
        initCause(cause);
    }
}
