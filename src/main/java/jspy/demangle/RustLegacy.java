package jspy.demangle;

/**
 * Rust's names until 2025: those of C++ namespaces with a hash as the last part, and with marks for
 * what a C++ name cannot hold. {@code rustc_codegen_utils::symbol_names::legacy}
 */
final class RustLegacy {
    private static final int HASH_DIGITS = 16;

    /** Fewer different digits than this are no hash. */
    private static final int MIN_DIFFERENT_DIGITS = 5;

    private static final String[] MARKS = {
        "SP", "@", "BP", "*", "RF", "&", "LT", "<", "GT", ">", "LP", "(", "RP", ")", "C", ","
    };

    private RustLegacy() {}

    /** Null when it is a C++ name. */
    static String demangleOrNull(String symbol) throws MalformedNameException {
        Cursor in = new Cursor(symbol, 2);
        if (!in.take('N')) {
            return null;
        }
        StringBuilder name = new StringBuilder();
        String ahead = null;
        while (in.isDigit()) {
            int length = in.number();
            if (length > in.left()) {
                return null;
            }
            if (ahead != null) {
                name.append(name.isEmpty() ? "" : "::");
                if (!appendPlain(name, ahead)) {
                    return null;
                }
            }
            ahead = in.take(length);
        }
        if (!in.take('E') || ahead == null || !isHash(ahead) || name.isEmpty()) {
            return null;
        }
        String rest = symbol.substring(in.at());
        if (!rest.isEmpty() && rest.charAt(0) != '.' && rest.charAt(0) != '@') {
            return null;
        }
        return name.append(withoutCopy(rest)).toString();
    }

    /** What follows a name without the number that LLVM gives to copies of it. */
    static String withoutCopy(String rest) {
        int copy = rest.indexOf(".llvm.");
        return copy < 0 ? rest : rest.substring(0, copy);
    }

    // internals

    private static boolean isHash(String part) {
        if (part.length() != HASH_DIGITS + 1 || part.charAt(0) != 'h') {
            return false;
        }
        int seen = 0;
        for (int i = 1; i <= HASH_DIGITS; i++) {
            int digit = "0123456789abcdef".indexOf(part.charAt(i));
            if (digit < 0) {
                return false;
            }
            seen |= 1 << digit;
        }
        return Integer.bitCount(seen) >= MIN_DIFFERENT_DIGITS;
    }

    /** False when it has a mark that is none of Rust's. */
    private static boolean appendPlain(StringBuilder name, String part) {
        int at = part.startsWith("_$") ? 1 : 0;
        while (at < part.length()) {
            char c = part.charAt(at);
            if (c == '$') {
                int end = part.indexOf('$', at + 1);
                String plain = end < 0 ? null : marked(part.substring(at + 1, end));
                if (plain == null) {
                    return false;
                }
                name.append(plain);
                at = end + 1;
            } else if (part.startsWith("..", at)) {
                name.append("::");
                at += 2;
            } else {
                name.append(c);
                at++;
            }
        }
        return true;
    }

    private static String marked(String mark) {
        for (int i = 0; i < MARKS.length; i += 2) {
            if (MARKS[i].equals(mark)) {
                return MARKS[i + 1];
            }
        }
        if (mark.length() < 2 || mark.length() > 7 || mark.charAt(0) != 'u') {
            return null;
        }
        int point = 0;
        for (int i = 1; i < mark.length(); i++) {
            int digit = "0123456789abcdef".indexOf(mark.charAt(i));
            if (digit < 0) {
                return null;
            }
            point = point * 16 + digit;
        }
        return Punycode.isWritable(point) ? Character.toString(point) : null;
    }
}
