package jspy.unwind;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * The DWARF expressions of all tables of a process, each once, by number. Numbers are given out by
 * any thread; {@link #get} takes no lock.
 */
final class Expressions {
    /** More different ones than any set of libraries has; a hostile file gets no number. */
    private static final int MAX_EXPRESSIONS = 1 << 16;

    static final int NO_NUMBER = -1;

    private final Map<ByteBuffer, Integer> numbers = new HashMap<>();
    private volatile byte[][] codes = new byte[64][];

    synchronized int number(byte[] code) {
        Integer known = numbers.get(ByteBuffer.wrap(code));
        if (known != null) {
            return known;
        }
        int number = numbers.size();
        if (number == MAX_EXPRESSIONS) {
            return NO_NUMBER;
        }
        byte[][] larger = codes;
        if (number == larger.length) {
            larger = java.util.Arrays.copyOf(larger, number * 2);
        }
        larger[number] = code;
        codes = larger; // the volatile write pairs with the read in get
        numbers.put(ByteBuffer.wrap(code), number);
        return number;
    }

    byte[] get(int number) {
        return codes[number];
    }
}
