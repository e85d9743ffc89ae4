package jspy.demangle;

/**
 * Turns the names that compilers give to C++, Rust and Cython functions into those of the sources.
 * A name is a target's data: whatever it holds, work and result are bounded, and what is not
 * understood stays as it is. Any thread.
 */
public final class Demangler {
    /** The longest names of the largest template libraries have some ten thousand. */
    private static final int MAX_LENGTH = 1 << 15;

    private Demangler() {}

    /** The readable name, or {@code symbol} itself when it is not mangled or not understood. */
    public static String demangle(String symbol) {
        if (symbol.length() > MAX_LENGTH || symbol.length() < 3) {
            return symbol;
        }
        try {
            if (symbol.startsWith("_R")) {
                return RustV0.demangle(symbol);
            }
            if (symbol.startsWith("_Z")) {
                String rust = RustLegacy.demangleOrNull(symbol);
                return rust != null ? rust : Itanium.demangle(symbol);
            }
            String cython = symbol.startsWith("__pyx_") ? CythonNames.readableOrNull(symbol) : null;
            return cython != null ? cython : symbol;
        } catch (MalformedNameException e) {
            return symbol;
        }
    }
}
