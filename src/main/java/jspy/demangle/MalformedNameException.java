package jspy.demangle;

/** What is read is no mangled name, or one beyond all bounds; never leaves the package. */
final class MalformedNameException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedNameException(String message) {
        super(message, null, false, false);
    }
}
