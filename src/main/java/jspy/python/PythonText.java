package jspy.python;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;

/** Numbers and texts as Python writes them. */
final class PythonText {
    /**
     * {@code repr} of a float uses an exponent from here on. Objects/floatobject.c,
     * Python/pystrtod.c
     */
    private static final int MAX_PLAIN_EXPONENT = 16;

    private static final int MIN_PLAIN_EXPONENT = -4;

    private PythonText() {}

    /** {@code repr(float)}: the fewest digits that give the same number back. */
    static String ofFloat(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        return ofDecimal(shortest(value), value < 0);
    }

    /** The same of four bytes, as numpy writes it. */
    static String ofFloat(float value) {
        return value == 0 || !Float.isFinite(value)
                ? ofFloat((double) value)
                : ofDecimal(new BigDecimal(Float.toString(Math.abs(value))), value < 0);
    }

    /**
     * A str in double quotes, as py-spy writes it, with every character that would break a line
     * escaped.
     */
    static void quote(StringBuilder out, String text) {
        out.append('"');
        text.codePoints().forEach(c -> append(out, c));
        out.append('"');
    }

    /** A name without quotes, with every character that would break a line escaped. */
    static String plain(String name) {
        StringBuilder out = new StringBuilder(name.length());
        name.codePoints().forEach(c -> append(out, c));
        return out.toString();
    }

    /** Bytes in double quotes behind a b. */
    static void quote(StringBuilder out, byte[] bytes) {
        out.append("b\"");
        for (byte b : bytes) {
            int c = b & 0xFF;
            if (c < 0x7F) {
                append(out, c);
            } else {
                out.append("\\x%02x".formatted(c));
            }
        }
        out.append('"');
    }

    /** ASCII text up to the first zero. */
    static String zeroTerminated(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    // internals

    /** Java writes two digits at least: 4.9E-324. */
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(Math.abs(value)));
        BigDecimal oneDigit = decimal.round(new MathContext(1));
        return oneDigit.doubleValue() == Math.abs(value) ? oneDigit : decimal;
    }

    private static String ofDecimal(BigDecimal value, boolean isNegative) {
        BigDecimal exact = value.stripTrailingZeros();
        String digits = exact.unscaledValue().toString();
        int exponent = digits.length() - exact.scale() - 1;
        String sign = isNegative ? "-" : "";
        if (exponent < MIN_PLAIN_EXPONENT || exponent >= MAX_PLAIN_EXPONENT) {
            String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
            return "%s%s%se%s%02d"
                    .formatted(
                            sign,
                            digits.charAt(0),
                            fraction,
                            exponent < 0 ? "-" : "+",
                            Math.abs(exponent));
        }
        String plain = exact.toPlainString();
        return sign + (plain.contains(".") ? plain : plain + ".0");
    }

    private static void append(StringBuilder out, int c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (c < 0x20 || c == 0x7F) {
                    out.append("\\x%02x".formatted(c));
                } else if (isUnprintable(c)) {
                    out.append((c > 0xFFFF ? "\\U%08x" : "\\u%04x").formatted(c));
                } else {
                    out.appendCodePoint(c);
                }
            }
        }
    }

    /**
     * Controls, line and paragraph separators, marks that turn the direction of writing, halves of
     * pairs.
     */
    private static boolean isUnprintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    true;
            default -> false;
        };
    }
}
