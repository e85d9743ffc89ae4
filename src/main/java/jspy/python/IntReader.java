package jspy.python;

import jspy.layout.Offsets;

import java.math.BigInteger;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The values of int objects: digits of 30 bits behind a signed count (to 3.11) or a tag (3.12 on).
 * Include/cpython/longintrepr.h
 */
final class IntReader {
    /** {@code _PyLong_NON_SIZE_BITS}, 3.12 on. Include/internal/pycore_long.h */
    private static final int TAG_BITS = 3;

    /** {@code SIGN_MASK}: 0 positive, 1 zero, 2 negative. Include/internal/pycore_long.h */
    private static final int SIGN_MASK = 3;

    private static final int SIGN_NEGATIVE = 2;

    /** {@code PyLong_SHIFT} of every 64-bit build. */
    private static final int DIGIT_BITS = 30;

    private static final long DIGIT_MASK = (1L << DIGIT_BITS) - 1;

    /** Digits of an int that fits 64 bits. */
    private static final int LONG_DIGITS = 3;

    private static final int WORD_BYTES = 8;

    private final Peek peek;
    private final boolean tagged;
    private final long sizeAt;
    private final long digitsAt;

    IntReader(Peek peek, Offsets.Objects objects) {
        this.peek = peek;
        tagged = objects.longTag() != Offsets.ABSENT;
        sizeAt = tagged ? objects.longTag() : objects.varSize();
        digitsAt = objects.longDigits();
    }

    /** The value of an int that fits 64 bits, unsigned when it is positive. */
    OptionalLong small(long object) {
        return big(object, LONG_DIGITS)
                .filter(value -> value.bitLength() <= Long.SIZE)
                .map(value -> OptionalLong.of(value.longValue()))
                .orElse(OptionalLong.empty());
    }

    /** The value of an int of up to so many digits; empty when it cannot be read or has more. */
    Optional<BigInteger> big(long object, int maxDigits) {
        long digits = digits(object);
        if (digits < 0 || digits > maxDigits || digitsAt == Offsets.ABSENT) {
            return Optional.empty();
        }
        long size = peek.word(0);
        boolean negative = tagged ? (size & SIGN_MASK) == SIGN_NEGATIVE : size < 0;
        if (digits > 0 && !peek.load(object + digitsAt, (int) digits * Integer.BYTES)) {
            return Optional.empty();
        }
        BigInteger value = BigInteger.ZERO;
        for (int i = (int) digits - 1; i >= 0; i--) {
            long digit = peek.int32((long) i * Integer.BYTES) & DIGIT_MASK;
            value = value.shiftLeft(DIGIT_BITS).or(BigInteger.valueOf(digit));
        }
        return Optional.of(negative ? value.negate() : value);
    }

    /** How many bits an int has, without its sign; -1 when it cannot be read. */
    long bits(long object) {
        long below = digits(object) - 1;
        if (below < 0 || digitsAt == Offsets.ABSENT) {
            return Math.max(below, -1);
        }
        if (!peek.load(object + digitsAt + below * Integer.BYTES, Integer.BYTES)) {
            return -1;
        }
        return below * DIGIT_BITS + Integer.SIZE - Integer.numberOfLeadingZeros(peek.int32(0));
    }

    /** How many digits an int has; -1 when it cannot be read. */
    long digits(long object) {
        if (!peek.load(object + sizeAt, WORD_BYTES)) {
            return -1;
        }
        long size = peek.word(0);
        return tagged ? size >>> TAG_BITS : size == Long.MIN_VALUE ? -1 : Math.abs(size);
    }
}
