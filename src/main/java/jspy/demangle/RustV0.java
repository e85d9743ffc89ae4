package jspy.demangle;

/**
 * Rust's names since: {@code _R…}, RFC 2603. Written while they are read; a reference back is read
 * again, so length and steps are bounded. The hashes that tell crates apart are left out.
 */
final class RustV0 {
    private static final int MAX_LENGTH = 1 << 16;
    private static final int MAX_STEPS = 1 << 16;

    /** Of base 62, for 64 bits. */
    private static final int MAX_DIGITS = 11;

    private final Cursor in;
    private final RustTypes types;
    private final StringBuilder out = new StringBuilder();

    /** Where {@code _R} ends: references count from here. */
    private final int start;

    private int steps;
    private boolean isSilent;

    private RustV0(String symbol) {
        start = 2;
        in = new Cursor(symbol, start);
        types = new RustTypes(this, in);
    }

    static String demangle(String symbol) throws MalformedNameException {
        RustV0 name = new RustV0(symbol);
        if (name.in.isDigit()) {
            throw name.in.malformed("a version of the encoding that is known");
        }
        name.path(true);
        if (!name.in.isAtEnd() && name.in.peek() != '.' && name.in.peek() != '$') {
            name.silently(() -> name.path(false)); // the crate that it was made for
        }
        String rest = symbol.substring(name.in.at());
        if (!rest.isEmpty() && rest.charAt(0) != '.') {
            throw name.in.malformed("the end");
        }
        return name.out + (RustLegacy.withoutCopy(rest));
    }

    interface Reading {
        void read() throws MalformedNameException;
    }

    /**
     * @param isValue in an expression, where arguments follow a {@code ::}
     */
    void path(boolean isValue) throws MalformedNameException {
        in.enter();
        step();
        char kind = in.next();
        switch (kind) {
            case 'C' -> {
                disambiguator();
                write(identifier());
            }
            case 'N' -> nested(isValue);
            case 'M' -> {
                implementation();
                write("<");
                types.type();
                write(">");
            }
            case 'X' -> {
                implementation();
                asTrait();
            }
            case 'Y' -> asTrait();
            case 'I' -> {
                path(isValue);
                write(isValue ? "::<" : "<");
                types.arguments();
                write(">");
            }
            case 'B' -> reference(() -> path(isValue));
            default -> throw in.malformed("a path");
        }
        in.leave();
    }

    /**
     * The path of a trait, whose arguments are left open for the associated types.
     *
     * @return whether they are
     */
    boolean openPath() throws MalformedNameException {
        if (in.take('I')) {
            path(false);
            write("<");
            types.arguments();
            return true;
        }
        if (in.take('B')) {
            boolean[] isOpen = new boolean[1];
            reference(() -> isOpen[0] = openPath());
            return isOpen[0];
        }
        path(false);
        return false;
    }

    /** Behind the B: reads what stands further to the left, and goes on here. */
    void reference(Reading reading) throws MalformedNameException {
        int at = in.at() - 1;
        long target = start + base62();
        if (target < start || target >= at) {
            throw in.malformed("a reference back");
        }
        int here = in.at();
        if (!isSilent) {
            in.enter();
            in.moveTo((int) target);
            reading.read();
            in.moveTo(here);
            in.leave();
        }
    }

    /** A number of base 62 that begins at 1, after a letter; 0 without the letter. */
    long optional62(char letter) throws MalformedNameException {
        return in.take(letter) ? base62() + 1 : 0;
    }

    long base62() throws MalformedNameException {
        if (in.take('_')) {
            return 0;
        }
        long value = 0;
        int digits = 0;
        while (!in.take('_')) {
            char c = in.next();
            int digit =
                    c >= '0' && c <= '9'
                            ? c - '0'
                            : c >= 'a' && c <= 'z'
                                    ? c - 'a' + 10
                                    : c >= 'A' && c <= 'Z' ? c - 'A' + 36 : -1;
            if (digit < 0 || ++digits > MAX_DIGITS) {
                throw in.malformed("a number of base 62");
            }
            value = value * 62 + digit; // hashes fill all 64 bits
        }
        return value + 1;
    }

    String identifier() throws MalformedNameException {
        boolean isPunycode = in.take('u');
        int length = in.take('0') ? 0 : in.number();
        in.take('_');
        String name = in.take(length);
        return isPunycode ? Punycode.decode(name) : name;
    }

    void write(String text) throws MalformedNameException {
        if (isSilent) {
            return;
        }
        if (out.length() + text.length() > MAX_LENGTH) {
            throw in.malformed("a shorter name");
        }
        out.append(text);
    }

    /** Each part that is read is one. */
    void step() throws MalformedNameException {
        if (++steps > MAX_STEPS) {
            throw in.malformed("a simpler name");
        }
    }

    // internals

    private void nested(boolean isValue) throws MalformedNameException {
        char space = in.next();
        path(isValue);
        long number = disambiguator();
        String name = identifier();
        if (space >= 'A' && space <= 'Z') {
            String what =
                    switch (space) {
                        case 'C' -> "closure";
                        case 'S' -> "shim";
                        default -> Character.toString(space);
                    };
            write("::{" + what + (name.isEmpty() ? "" : ":" + name) + "#" + number + "}");
        } else if (space >= 'a' && space <= 'z') {
            write(name.isEmpty() ? "" : "::" + name);
        } else {
            throw in.malformed("a namespace");
        }
    }

    private void asTrait() throws MalformedNameException {
        write("<");
        types.type();
        write(" as ");
        path(false);
        write(">");
    }

    /** Where an implementation stands: not shown. */
    private void implementation() throws MalformedNameException {
        disambiguator();
        silently(() -> path(false));
    }

    private long disambiguator() throws MalformedNameException {
        return optional62('s');
    }

    private void silently(Reading reading) throws MalformedNameException {
        boolean outer = isSilent;
        isSilent = true;
        reading.read();
        isSilent = outer;
    }
}
