package jspy.binary;

import java.io.IOException;

/** A file that is not what it should be: the one failure that parsing a hostile file may end in. */
public final class BinaryFormatException extends IOException {
    private static final long serialVersionUID = 1;

    /** What is wrong with the file, for code; the message says it for people. */
    public enum Kind {
        /** Another kind of file. */
        NOT_THIS_FORMAT,
        /** A good file of a class, byte order or version that jspy does not read. */
        UNSUPPORTED,
        /**
         * Its numbers contradict each other or point outside of it, or it shrank while it was read.
         */
        CORRUPT
    }

    private final Kind kind;

    public BinaryFormatException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    static BinaryFormatException corrupt(String message) {
        return new BinaryFormatException(Kind.CORRUPT, message);
    }
}
