package jspy.top;

import java.util.ArrayList;
import java.util.List;

/** Makes the lines of one screen: header, table, and the line for keys and messages. */
final class Screen {
    /** The most wanted first: what does not fit is left out. */
    private static final List<String> HINTS =
            List.of(
                    "q quit",
                    "? keys",
                    "p pause",
                    "/ filter",
                    "t thread",
                    "L lines",
                    "Enter callers");

    private static final String GAP = "  ";

    /** Lower screens leave out how good the numbers are, and what was chosen. */
    private static final int LOW = 9;

    private final String title;
    private final boolean activeKnown;

    /** Lines of the body that fit, for keys that turn pages. */
    private int page = 1;

    Screen(String title, boolean activeKnown) {
        this.title = title;
        this.activeKnown = activeKnown;
    }

    int page() {
        return page;
    }

    /** The body that a view shows. */
    Body body(Model model, View view, int width) {
        return view.opened.isEmpty()
                ? TableBody.of(model, view, width)
                : RelativesBody.of(model, view, width);
    }

    /** At most {@code height} lines of at most {@code width} cells. */
    List<Line> lines(Model model, View view, Body body, int width, int height) {
        List<Line> lines = new ArrayList<>();
        if (view.help) {
            Help.LINES.forEach(
                    text -> lines.add(Line.of(Style.PLAIN, CellText.start(text, width))));
            return lines.subList(0, Math.min(lines.size(), height));
        }
        List<String> header = Header.lines(title, model, view, activeKnown);
        for (int i = 0; i < header.size(); i++) {
            if (height >= LOW || i < 2) {
                Style style = i == 0 ? Style.BOLD : Style.PLAIN;
                lines.add(Line.of(style, CellText.start(header.get(i), width)));
            }
        }
        if (!view.opened.isEmpty()) {
            lines.set(lines.size() - 1, openedLine(model, view, width));
        }
        lines.add(Line.of(Style.HEADER, CellText.padded(body.titles(), width)));
        page = Math.max(1, height - lines.size() - 1);
        addBody(lines, view, body, width);
        while (lines.size() < height - 1) {
            lines.add(new Line());
        }
        lines.add(bottom(view, body, width));
        return lines.size() > height ? lines.subList(0, height) : lines;
    }

    // internals

    private static Line openedLine(Model model, View view, int width) {
        Line line = Line.of(Style.BOLD, "of ");
        int row = view.opened.element();
        return Columns.names(line, model.index(view.grain).key(row), Style.BOLD, width - 3);
    }

    private void addBody(List<Line> lines, View view, Body body, int width) {
        if (view.opened.isEmpty() && view.chosenRow != View.NONE) {
            view.cursor = indexOf(body, view.chosenRow);
        }
        view.cursor = Math.min(view.cursor, body.size() - 1);
        if (view.cursor >= 0) {
            view.scroll = Math.min(view.scroll, view.cursor);
            view.scroll = Math.max(view.scroll, view.cursor - page + 1);
        }
        view.scroll = Math.max(0, Math.min(view.scroll, body.size() - page));
        for (int i = view.scroll; i < Math.min(body.size(), view.scroll + page); i++) {
            Line line = body.line(i);
            lines.add(
                    i == view.cursor
                            ? Line.of(Style.SELECTED, CellText.padded(line.text(), width))
                            : line);
        }
    }

    private static int indexOf(Body body, int row) {
        for (int i = 0; i < body.size(); i++) {
            if (body.row(i) == row) {
                return i;
            }
        }
        return View.NONE;
    }

    private Line bottom(View view, Body body, int width) {
        if (view.prompt != null) {
            // of a long one the end counts: that is where one types
            return Line.of(Style.BOLD, "/" + CellText.end(view.prompt, width - 2) + "_");
        }
        if (!view.message.isEmpty()) {
            return Line.of(Style.BOLD, CellText.start(view.message, width));
        }
        int below = body.size() - view.scroll - page;
        String more = below > 0 ? below + " more" : "";
        int room = Math.max(width - more.length() - GAP.length(), 0);
        String hints = hints(!view.opened.isEmpty(), room);
        return Line.of(
                Style.FAINT, CellText.start(CellText.padded(hints, room) + GAP + more, width));
    }

    private static String hints(boolean opened, int room) {
        StringBuilder hints = new StringBuilder(opened ? "Esc back" : "");
        for (String hint : HINTS) {
            int gap = hints.isEmpty() ? 0 : GAP.length();
            if (hints.length() + gap + hint.length() > room) {
                break;
            }
            hints.append(GAP, 0, gap).append(hint);
        }
        return hints.toString();
    }
}
