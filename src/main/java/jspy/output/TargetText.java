package jspy.output;

import java.util.Locale;

/**
 * Makes text that came from the target harmless: names may be 100 KB long and hold line breaks,
 * lone surrogates or marks that turn the reading direction.
 *
 * <p>What cannot be seen is written as Python's {@code ascii()} writes it, such as {@code \n} or
 * {@code \u202e}: no two names that look alike are hidden behind one placeholder.
 */
public final class TargetText {
    /** Longer names are cut: nobody reads them, and a collapsed line repeats them. */
    static final int MAX_CHARS = 2_000;

    private static final String ELLIPSIS = "…";

    private TargetText() {}

    /** One line that every encoding and every parser takes, at most {@link #MAX_CHARS} long. */
    public static String visible(String text) {
        return visible(text, MAX_CHARS);
    }

    /** One line that every encoding and every parser takes, at most about {@code maxChars} long. */
    public static String visible(String text, int maxChars) {
        StringBuilder line = null;
        int index = 0;
        while (index < text.length()) {
            int codePoint = text.codePointAt(index);
            int length = line == null ? index : line.length();
            if (length >= maxChars) {
                return (line == null ? text.substring(0, index) : line) + ELLIPSIS;
            }
            if (line == null && isHidden(codePoint)) {
                line = new StringBuilder(text.length() + 16).append(text, 0, index);
            }
            if (line != null) {
                append(line, codePoint);
            }
            index += Character.charCount(codePoint);
        }
        return line == null ? text : line.toString();
    }

    /** For an XML text or attribute; the text must be {@link #visible} already. */
    static String xml(String visible) {
        StringBuilder escaped = new StringBuilder(visible.length() + 16);
        for (int i = 0; i < visible.length(); i++) {
            char c = visible.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }

    // internals

    private static void append(StringBuilder line, int codePoint) {
        if (!isHidden(codePoint)) {
            line.appendCodePoint(codePoint);
            return;
        }
        switch (codePoint) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                String form =
                        codePoint < 0x100 ? "\\x%02x" : codePoint < 0x10000 ? "\\u%04x" : "\\U%08x";
                line.append(String.format(Locale.ROOT, form, codePoint));
            }
        }
    }

    private static boolean isHidden(int codePoint) {
        if (codePoint >= ' ' && codePoint <= '~') {
            return false;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> isNonCharacter(codePoint);
        };
    }

    /** Code points that Unicode keeps out of all text; XML refuses U+FFFE and U+FFFF. */
    private static boolean isNonCharacter(int codePoint) {
        return (codePoint & 0xFFFE) == 0xFFFE || codePoint >= 0xFDD0 && codePoint <= 0xFDEF;
    }
}
