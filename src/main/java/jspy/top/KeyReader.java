package jspy.top;

import java.io.IOException;

/** Takes keys apart that come as control sequences (ECMA-48, as xterm sends them). */
final class KeyReader {
    /** What {@link Input#read} says when nothing came in time. */
    static final int NOTHING = -2;

    private static final int GONE = -1;
    private static final int ESCAPE = 27;

    /** A sequence comes in one piece; what comes later is a key of its own. */
    private static final long REST_MILLIS = 30;

    /** What was typed already comes within this time. */
    private static final long LEFT_OVER_MILLIS = 10;

    /** Longer ones are nobody's. */
    private static final int MAX_SEQUENCE = 16;

    /** Where characters come from. */
    @FunctionalInterface
    interface Input {
        /** A character, {@link #NOTHING}, or -1 at the end. */
        int read(long millis) throws IOException;
    }

    private final Input input;

    KeyReader(Input input) {
        this.input = input;
    }

    /** The next key; null when none came in time. */
    Key next(long millis) {
        try {
            int c = input.read(Math.max(1, millis));
            return switch (c) {
                case NOTHING -> null;
                case GONE -> Key.of(Key.Kind.CLOSED);
                case '\r', '\n' -> Key.of(Key.Kind.ENTER);
                case '\b', 127 -> Key.of(Key.Kind.BACKSPACE);
                case ESCAPE -> escape();
                default -> c < ' ' ? Key.of(Key.Kind.OTHER) : Key.of(whole(c));
            };
        } catch (IOException e) {
            return Key.of(Key.Kind.CLOSED);
        }
    }

    /** Throws away what was typed already; whether there was anything. */
    boolean skip() {
        try {
            return input.read(LEFT_OVER_MILLIS) >= 0;
        } catch (IOException e) {
            return false;
        }
    }

    // internals

    private int whole(int c) throws IOException {
        if (!Character.isHighSurrogate((char) c)) {
            return c;
        }
        int low = input.read(REST_MILLIS);
        return low > 0 && Character.isLowSurrogate((char) low)
                ? Character.toCodePoint((char) c, (char) low)
                : '?';
    }

    private Key escape() throws IOException {
        int c = input.read(REST_MILLIS);
        if (c != '[' && c != 'O') {
            return Key.of(c == NOTHING || c == ESCAPE ? Key.Kind.ESCAPE : Key.Kind.OTHER);
        }
        StringBuilder sequence = new StringBuilder();
        while (sequence.length() < MAX_SEQUENCE) {
            int next = input.read(REST_MILLIS);
            if (next < 0) {
                break;
            }
            sequence.append((char) next);
            if (next >= '@' && next <= '~') {
                break;
            }
        }
        return Key.of(kind(sequence.toString()));
    }

    private static Key.Kind kind(String sequence) {
        return switch (sequence) {
            case "A" -> Key.Kind.UP;
            case "B" -> Key.Kind.DOWN;
            case "C" -> Key.Kind.RIGHT;
            case "D" -> Key.Kind.LEFT;
            case "H", "1~", "7~" -> Key.Kind.HOME;
            case "F", "4~", "8~" -> Key.Kind.END;
            case "5~" -> Key.Kind.PAGE_UP;
            case "6~" -> Key.Kind.PAGE_DOWN;
            case "M" -> Key.Kind.ENTER; // of the keypad
            default -> Key.Kind.OTHER;
        };
    }
}
