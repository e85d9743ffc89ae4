package jspy.top;

import jspy.profile.Frame;

import java.util.Locale;

/**
 * Which columns a table has at a width, and how numbers and names look in them.
 *
 * @param width of the screen, in cells
 */
record Columns(int width) {
    /** Below it only the most important columns. */
    private static final int NARROW = 50;

    /** From here on total times. */
    private static final int USUAL = 70;

    /** From here on the shares since the start, too. */
    private static final int WIDE = 100;

    /** A share from which a number stands out, in percent. */
    private static final double HOT = 30;

    private static final double WARM = 5;

    String titles() {
        String numbers =
                width < NARROW
                        ? "  %Own   OwnTime"
                        : width < USUAL
                                ? "  %Own  %Total   OwnTime"
                                : width < WIDE
                                        ? "  %Own  %Total   OwnTime TotalTime"
                                        : "  %Own  %Total  %OwnAll  %TotalAll   OwnTime TotalTime";
        return numbers + "  Function (file:line)";
    }

    /**
     * A row in these columns.
     *
     * @param period what 100 % of the last period is, in ns
     * @param sinceStart what 100 % since the start is
     */
    Line line(Row row, long period, long sinceStart) {
        Style now = row.totalPeriod() == 0 ? Style.FAINT : Style.PLAIN;
        Line line =
                new Line()
                        .add(heat(row.ownPeriod(), period, now), share(row.ownPeriod(), period, 6));
        if (width >= NARROW) {
            line.add(now, share(row.totalPeriod(), period, 8));
        }
        if (width >= WIDE) {
            line.add(now, share(row.own(), sinceStart, 9));
            line.add(now, share(row.total(), sinceStart, 11));
        }
        line.add(now, " " + seconds(row.own(), 9));
        if (width >= USUAL) {
            line.add(now, " " + seconds(row.total(), 9));
        }
        line.add(now, "  ");
        return names(line, row.frame(), now, width - CellText.width(line.text()));
    }

    /** A share and a time, for callers and callees. */
    Line line(Frame frame, long nanos, long ofNanos, long sinceStart, long ofSinceStart) {
        Style now = nanos == 0 ? Style.FAINT : Style.PLAIN;
        Line line =
                new Line()
                        .add(heat(nanos, ofNanos, now), share(nanos, ofNanos, 6))
                        .add(now, share(sinceStart, ofSinceStart, 8))
                        .add(now, " " + seconds(sinceStart, 9))
                        .add(now, "  ");
        return names(line, frame, now, width - CellText.width(line.text()));
    }

    /** Adds function and file in so many cells: of a long file the end counts. */
    static Line names(Line line, Frame frame, Style style, int cells) {
        String place = frame.shortFile() + (frame.hasLine() ? ":" + frame.line() : "");
        if (frame.shortFile().isEmpty()) {
            return line.add(style, CellText.start(frame.function(), cells));
        }
        String whole = CellText.start(frame.function(), cells);
        int forPlace = Math.max(cells / 2, cells - CellText.width(whole)) - 3; // " (" and ")"
        if (forPlace < 8) {
            return line.add(style, whole);
        }
        String shownPlace = CellText.end(place, forPlace);
        int forFunction = cells - 3 - CellText.width(shownPlace);
        return line.add(style, CellText.start(frame.function(), forFunction))
                .add(style == Style.FAINT ? Style.FAINT : Style.FILE, " (" + shownPlace + ")");
    }

    // internals

    private static Style heat(long nanos, long ofNanos, Style otherwise) {
        double percent = percent(nanos, ofNanos);
        return percent >= HOT ? Style.HOT : percent >= WARM ? Style.WARM : otherwise;
    }

    private static String share(long nanos, long ofNanos, int cells) {
        String text = String.format(Locale.ROOT, "%.1f%%", percent(nanos, ofNanos));
        return " ".repeat(Math.max(0, cells - text.length())) + text;
    }

    private static double percent(long nanos, long ofNanos) {
        return ofNanos == 0 ? 0 : 100.0 * nanos / ofNanos;
    }

    private static String seconds(long nanos, int cells) {
        double seconds = nanos / 1e9;
        String text =
                String.format(
                        Locale.ROOT,
                        seconds < 1000 ? "%.2fs" : seconds < 1e5 ? "%.1fs" : "%.0fs",
                        seconds);
        return " ".repeat(Math.max(0, cells - text.length())) + text;
    }
}
