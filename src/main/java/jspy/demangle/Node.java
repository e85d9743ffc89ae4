package jspy.demangle;

/**
 * A part of a C++ name as a tree. C's declarations go around what they declare, so a part is
 * written in two halves: of {@code int (*)[3]} those of the array are {@code int} and {@code [3]}.
 */
interface Node {
    /** What a pointer to it has to be written like. */
    enum Shape {
        PLAIN,
        ARRAY,
        FUNCTION
    }

    void left(Printer out) throws MalformedNameException;

    default void right(Printer out) throws MalformedNameException {}

    default Shape shape(Printer out) throws MalformedNameException {
        return Shape.PLAIN;
    }

    /** As an operand it needs no parentheses. */
    default boolean isSimple() {
        return false;
    }

    /** The last name, which a constructor repeats. */
    default Node base() {
        return this;
    }
}
