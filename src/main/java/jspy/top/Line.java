package jspy.top;

import java.util.ArrayList;
import java.util.List;

/** One line of the screen: harmless pieces of text, each with its look. */
final class Line {
    private final List<String> texts = new ArrayList<>();
    private final List<Style> styles = new ArrayList<>();

    static Line of(Style style, String text) {
        return new Line().add(style, text);
    }

    Line add(Style style, String text) {
        texts.add(text);
        styles.add(style);
        return this;
    }

    /** The same text, all in one look. */
    Line all(Style style) {
        return of(style, text());
    }

    String text() {
        return String.join("", texts);
    }

    /** With control sequences; each ends where its piece ends. */
    String ansi(boolean colors) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            String code = styles.get(i).code(colors);
            if (code.isEmpty() || texts.get(i).isEmpty()) {
                out.append(texts.get(i));
            } else {
                out.append("\033[").append(code).append('m').append(texts.get(i)).append("\033[0m");
            }
        }
        return out.toString();
    }
}
