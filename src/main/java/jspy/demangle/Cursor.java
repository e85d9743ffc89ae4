package jspy.demangle;

/**
 * Reads a mangled name from left to right. The name is a target's data: nesting is bounded, and
 * beyond the end there are only zeros.
 */
final class Cursor {
    /** Deeper than any compiler nests, and far from the end of a thread's stack. */
    private static final int MAX_DEPTH = 384;

    /** Above this no length, index or literal of a real name lies. */
    private static final int MAX_NUMBER = 1 << 24;

    private final String text;
    private int at;
    private int depth;

    Cursor(String text, int at) {
        this.text = text;
        this.at = at;
    }

    int at() {
        return at;
    }

    void moveTo(int newAt) {
        at = newAt;
    }

    int left() {
        return text.length() - at;
    }

    boolean isAtEnd() {
        return at >= text.length();
    }

    char peek() {
        return peek(0);
    }

    char peek(int ahead) {
        return at + ahead < text.length() ? text.charAt(at + ahead) : 0;
    }

    boolean isDigit() {
        return peek() >= '0' && peek() <= '9';
    }

    char next() throws MalformedNameException {
        if (isAtEnd()) {
            throw malformed("more");
        }
        return text.charAt(at++);
    }

    boolean take(char wanted) {
        if (peek() != wanted || isAtEnd()) {
            return false;
        }
        at++;
        return true;
    }

    boolean take(String wanted) {
        if (!text.startsWith(wanted, at)) {
            return false;
        }
        at += wanted.length();
        return true;
    }

    void expect(char wanted) throws MalformedNameException {
        if (!take(wanted)) {
            throw malformed("'" + wanted + "'");
        }
    }

    /** Decimal digits, at least one. */
    int number() throws MalformedNameException {
        if (!isDigit()) {
            throw malformed("a number");
        }
        int value = 0;
        while (isDigit()) {
            value = value * 10 + (next() - '0');
            if (value > MAX_NUMBER) {
                throw malformed("a smaller number");
            }
        }
        return value;
    }

    String take(int length) throws MalformedNameException {
        if (length < 0 || length > left()) {
            throw malformed(length + " characters");
        }
        at += length;
        return text.substring(at - length, at);
    }

    String from(int start) {
        return text.substring(start, at);
    }

    /** To be called on the way down; {@link #leave} on the way up. */
    void enter() throws MalformedNameException {
        if (++depth > MAX_DEPTH) {
            throw malformed("less nesting");
        }
    }

    void leave() {
        depth--;
    }

    MalformedNameException malformed(String wanted) {
        return new MalformedNameException("at %d: not %s".formatted(at, wanted));
    }
}
