package jspy.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The one call shape that serves nearly all of {@code os}: six longs in, a long out, errno
 * captured.
 *
 * <p>The first downcall of a JVM costs 28–43 ms and each further <em>shape</em> 9–19 ms, another
 * symbol of a known shape 0.3 ms; so pointers travel as longs, ints in the low half of one, and a
 * callee with fewer parameters ignores the rest (System V x86-64 and AAPCS64 pass them in
 * registers). Not for variadic functions on Apple arm64.
 */
@SuppressWarnings("restricted") // the one place of jspy that binds native symbols
final class Downcalls {
    /** Room for errno, as the linker wants it. */
    static final StructLayout CAPTURE = Linker.Option.captureStateLayout();

    static final long ERRNO_OFFSET =
            CAPTURE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final FunctionDescriptor SIX_LONGS =
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG);

    private Downcalls() {}

    /**
     * The same without errno, of type {@code (long × 6) -> long}: a shape of its own. Code of the
     * first compiler makes an object for every call that captures errno; this makes none.
     */
    static MethodHandle bindWithoutErrno(String symbol) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(address(linker, symbol), SIX_LONGS);
    }

    /**
     * A handle of type {@code (MemorySegment errno, long × 6) -> long} for a symbol of the C
     * library.
     */
    static MethodHandle bind(String symbol) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                address(linker, symbol), SIX_LONGS, Linker.Option.captureCallState("errno"));
    }

    // internals

    private static MemorySegment address(Linker linker, String symbol) {
        return linker.defaultLookup()
                .find(symbol)
                .orElseThrow(() -> new AssertionError("no symbol " + symbol));
    }
}
