package jspy.demangle;

/**
 * Names of the functions that Cython makes: {@code __pyx_pw_4spam_3Egg_1boil}, where what encloses
 * a function stands with its length, and a number may precede its name. {@code
 * Cython.Compiler.Naming}, {@code Symtab.Scope.next_id}
 */
final class CythonNames {
    /** The wrapper, the function itself, cdef functions, bodies of generators. */
    private static final String[] PREFIXES = {
        "__pyx_pw_", "__pyx_pf_", "__pyx_f_", "__pyx_gb_", "__pyx_specialmethod___pyx_pw_"
    };

    private static final String FUSED = "__pyx_fuse_";
    private static final int MAX_LENGTH = 1024;

    private CythonNames() {}

    /** Dotted, as Python writes it, the module first; null when it is none of these. */
    static String readableOrNull(String symbol) {
        String name = withoutFused(symbol);
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix) && name.length() <= MAX_LENGTH) {
                return dottedOrNull(name, prefix.length());
            }
        }
        return null;
    }

    // internals

    /** Of a function of fused types each variant has such a prefix. */
    private static String withoutFused(String symbol) {
        int inner = symbol.startsWith(FUSED) ? symbol.indexOf("__pyx_", FUSED.length()) : -1;
        return inner < 0 ? symbol : symbol.substring(inner);
    }

    private static String dottedOrNull(String name, int from) {
        StringBuilder dotted = new StringBuilder();
        int at = from;
        while (true) {
            int digitsEnd = digitsEnd(name, at);
            long length = digitsEnd > at && digitsEnd - at < 4 ? number(name, at, digitsEnd) : 0;
            long end = digitsEnd + length;
            if (length == 0 || end + 1 >= name.length() || name.charAt((int) end) != '_') {
                at = digitsEnd; // the digits, if any, tell functions of one name apart
                break;
            }
            dotted.append(name, digitsEnd, (int) end).append('.');
            at = (int) end + 1;
        }
        boolean isName = at < name.length() && Character.isJavaIdentifierStart(name.charAt(at));
        return isName && !dotted.isEmpty()
                ? dotted.append(name, at, name.length()).toString()
                : null;
    }

    private static int digitsEnd(String name, int from) {
        int at = from;
        while (at < name.length() && name.charAt(at) >= '0' && name.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static long number(String name, int from, int to) {
        return Long.parseLong(name.substring(from, to));
    }
}
