package jspy.demangle;

import java.math.BigInteger;

/** Reads the types, lifetimes and constants of {@link RustV0} names. */
final class RustTypes {
    /** By letter from a on; null where the letter is none's. */
    private static final String[] BASIC = {
        "i8", "bool", "char", "f64", "str", "f32", null, "u8", "isize", "usize", null, "i32", "u32",
        "i128", "u128", "_", null, null, "i16", "u16", "()", "...", null, "i64", "u64", "!"
    };

    /** More than any function declares. */
    private static final int MAX_LIFETIMES = 64;

    private static final int MAX_HEX_DIGITS = 32;

    private final RustV0 name;
    private final Cursor in;
    private long boundLifetimes;

    RustTypes(RustV0 name, Cursor in) {
        this.name = name;
        this.in = in;
    }

    /** Up to the E. */
    void arguments() throws MalformedNameException {
        for (int i = 0; !in.take('E'); i++) {
            name.write(i == 0 ? "" : ", ");
            name.step();
            if (in.take('L')) {
                lifetime(name.base62());
            } else if (in.take('K')) {
                constant();
            } else {
                type();
            }
        }
    }

    void type() throws MalformedNameException {
        in.enter();
        name.step();
        char kind = in.peek();
        String basic = kind >= 'a' && kind <= 'z' ? BASIC[kind - 'a'] : null;
        if (basic != null) {
            in.next();
            name.write(basic);
        } else {
            compound(kind);
        }
        in.leave();
    }

    // internals

    private void compound(char kind) throws MalformedNameException {
        switch (kind) {
            case 'R', 'Q' -> {
                in.next();
                name.write("&");
                if (in.take('L')) {
                    long lifetime = name.base62();
                    if (lifetime != 0) {
                        lifetime(lifetime);
                        name.write(" ");
                    }
                }
                name.write(kind == 'Q' ? "mut " : "");
                type();
            }
            case 'P', 'O' -> {
                in.next();
                name.write(kind == 'P' ? "*const " : "*mut ");
                type();
            }
            case 'A', 'S' -> {
                in.next();
                name.write("[");
                type();
                if (kind == 'A') {
                    name.write("; ");
                    constant();
                }
                name.write("]");
            }
            case 'T' -> tuple();
            case 'F' -> {
                in.next();
                bound(this::function);
            }
            case 'D' -> {
                in.next();
                name.write("dyn ");
                bound(this::traits);
                in.expect('L');
                long lifetime = name.base62();
                if (lifetime != 0) {
                    name.write(" + ");
                    lifetime(lifetime);
                }
            }
            case 'B' -> {
                in.next();
                name.reference(this::type);
            }
            default -> name.path(false);
        }
    }

    private void tuple() throws MalformedNameException {
        in.next();
        name.write("(");
        int count = 0;
        for (; !in.take('E'); count++) {
            name.write(count == 0 ? "" : ", ");
            type();
        }
        name.write(count == 1 ? ",)" : ")");
    }

    private void function() throws MalformedNameException {
        name.write(in.take('U') ? "unsafe " : "");
        if (in.take('K')) {
            String abi = in.take('C') ? "C" : name.identifier().replace('_', '-');
            name.write("extern \"" + abi + "\" ");
        }
        name.write("fn(");
        for (int i = 0; !in.take('E'); i++) {
            name.write(i == 0 ? "" : ", ");
            type();
        }
        name.write(")");
        if (!in.take('u')) {
            name.write(" -> ");
            type();
        }
    }

    private void traits() throws MalformedNameException {
        for (int i = 0; !in.take('E'); i++) {
            name.write(i == 0 ? "" : " + ");
            boolean isOpen = name.openPath();
            while (in.take('p')) {
                name.write(isOpen ? ", " : "<");
                isOpen = true;
                name.write(name.identifier() + " = ");
                type();
            }
            name.write(isOpen ? ">" : "");
        }
    }

    /** Lifetimes that are declared here are named by how deep they are. */
    private void bound(RustV0.Reading reading) throws MalformedNameException {
        long count = name.optional62('G');
        long outer = boundLifetimes;
        if (count > MAX_LIFETIMES) {
            throw in.malformed("fewer lifetimes");
        }
        if (count > 0) {
            name.write("for<");
            for (int i = 0; i < count; i++) {
                name.write(i == 0 ? "" : ", ");
                boundLifetimes++;
                lifetime(1);
            }
            name.write("> ");
        }
        reading.read();
        boundLifetimes = outer;
    }

    /**
     * @param index 0 where it is not said, else how many declarations back
     */
    private void lifetime(long index) throws MalformedNameException {
        if (index > boundLifetimes) {
            throw in.malformed("a declared lifetime");
        }
        long depth = boundLifetimes - index;
        name.write(index == 0 ? "'_" : depth < 26 ? "'" + (char) ('a' + depth) : "'_" + depth);
    }

    private void constant() throws MalformedNameException {
        in.enter();
        name.step();
        if (in.take('B')) {
            name.reference(this::constant);
        } else {
            plainConstant(in.next());
        }
        in.leave();
    }

    private void plainConstant(char type) throws MalformedNameException {
        switch (type) {
            case 'p' -> name.write("_");
            case 'h', 't', 'm', 'y', 'o', 'j', 'a', 's', 'l', 'x', 'n', 'i' -> {
                String sign = in.take('n') ? "-" : "";
                name.write(sign + new BigInteger("0" + hex(), 16));
            }
            case 'b' -> {
                String value = hex();
                if (!value.equals("0") && !value.equals("1")) {
                    throw in.malformed("true or false");
                }
                name.write(value.equals("1") ? "true" : "false");
            }
            case 'c' -> name.write(character(hex()));
            default -> throw in.malformed("a constant");
        }
    }

    private String hex() throws MalformedNameException {
        int begin = in.at();
        while ("0123456789abcdef".indexOf(in.peek()) >= 0) {
            in.next();
        }
        String digits = in.from(begin);
        in.expect('_');
        if (digits.length() > MAX_HEX_DIGITS) {
            throw in.malformed("a smaller constant");
        }
        return digits;
    }

    private String character(String hex) throws MalformedNameException {
        if (hex.isEmpty() || hex.length() > 6) {
            throw in.malformed("a character");
        }
        int point = Integer.parseInt(hex, 16);
        if (!Character.isValidCodePoint(point)) {
            throw in.malformed("a character");
        }
        return switch (point) {
            case '\t' -> "'\\t'";
            case '\r' -> "'\\r'";
            case '\n' -> "'\\n'";
            case '\'' -> "'\\''";
            case '\\' -> "'\\\\'";
            default ->
                    point >= 0x20 && point < 0x7f ? "'" + (char) point + "'" : "'\\u{" + hex + "}'";
        };
    }
}
