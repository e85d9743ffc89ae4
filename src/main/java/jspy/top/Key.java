package jspy.top;

/**
 * One key that was typed.
 *
 * @param codePoint of {@link Kind#CHARACTER}, else 0
 */
record Key(Kind kind, int codePoint) {
    /** Keys that are no character, and none at all. */
    enum Kind {
        CHARACTER,
        ENTER,
        ESCAPE,
        BACKSPACE,
        UP,
        DOWN,
        LEFT,
        RIGHT,
        PAGE_UP,
        PAGE_DOWN,
        HOME,
        END,
        /** Something that jspy has no use for. */
        OTHER,
        /** The terminal is gone. */
        CLOSED
    }

    static Key of(Kind kind) {
        return new Key(kind, 0);
    }

    static Key of(int codePoint) {
        return new Key(Kind.CHARACTER, codePoint);
    }
}
