package jspy.top;

import org.jline.utils.WCWidth;

import java.util.Locale;

/**
 * Text of the target in the cells of a terminal: what would move the cursor or hide is written as
 * Python's {@code ascii()} writes it, and width is counted in cells, two for wide characters.
 */
final class CellText {
    /** What stands where something was cut: every encoding has it. */
    static final String CUT = "..";

    /** Marks upon one character; a terminal that is given more draws over other lines. */
    private static final int MAX_MARKS = 2;

    private CellText() {}

    /** The beginning of a text, harmless, in at most so many cells. */
    static String start(String text, int cells) {
        return cut(visible(text, cells + 1), cells, false);
    }

    /** The end of a text, harmless, in at most so many cells. */
    static String end(String text, int cells) {
        int most = Math.max(0, cells + 1) * (MAX_MARKS + 1) * 2;
        String tail = text.length() > most ? text.substring(text.length() - most) : text;
        String shown = visible(tail, Integer.MAX_VALUE);
        return cut(tail.length() < text.length() ? CUT + shown : shown, cells, true);
    }

    /** The same, filled up with blanks. */
    static String padded(String text, int cells) {
        String shown = start(text, cells);
        return shown + " ".repeat(Math.max(0, cells - width(shown)));
    }

    /** How many cells a harmless text takes. */
    static int width(String visible) {
        int width = 0;
        for (int i = 0; i < visible.length(); ) {
            int codePoint = visible.codePointAt(i);
            width += Math.max(0, WCWidth.wcwidth(codePoint));
            i += Character.charCount(codePoint);
        }
        return width;
    }

    // internals

    /** Harmless; ends early where it is wider than so many cells. */
    private static String visible(String text, int enough) {
        StringBuilder out = new StringBuilder();
        int cells = 0;
        int marks = 0;
        for (int i = 0; i < text.length() && cells < enough; ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            int width = WCWidth.wcwidth(codePoint);
            if (isHidden(codePoint) || width < 0 || width == 0 && out.isEmpty()) {
                String escaped = escaped(codePoint);
                out.append(escaped);
                cells += escaped.length();
                marks = 0;
            } else if (width > 0 || ++marks <= MAX_MARKS) {
                out.appendCodePoint(codePoint);
                cells += width;
                marks = width > 0 ? 0 : marks;
            }
        }
        return out.toString();
    }

    private static String cut(String visible, int cells, boolean keepEnd) {
        if (width(visible) <= cells) {
            return visible;
        }
        if (cells < CUT.length() + 1) {
            return ".".repeat(Math.max(0, cells));
        }
        int room = cells - CUT.length();
        int[] codePoints = visible.codePoints().toArray();
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < codePoints.length; i++) {
            int codePoint = codePoints[keepEnd ? codePoints.length - 1 - i : i];
            room -= Math.max(0, WCWidth.wcwidth(codePoint));
            if (room < 0) {
                break;
            }
            if (keepEnd) {
                kept.insert(0, Character.toString(codePoint));
            } else {
                kept.appendCodePoint(codePoint);
            }
        }
        return keepEnd ? CUT + kept : kept + CUT;
    }

    private static boolean isHidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }

    private static String escaped(int codePoint) {
        return switch (codePoint) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                    String.format(
                            Locale.ROOT,
                            codePoint < 0x100
                                    ? "\\x%02x"
                                    : codePoint < 0x10000 ? "\\u%04x" : "\\U%08x",
                            codePoint);
        };
    }
}
