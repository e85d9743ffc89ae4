package jspy.top;

import jspy.profile.Frame;
import jspy.profile.LiveProfile.LiveThread;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** What the user chose to see. One thread. */
final class View {
    /** No row is chosen. */
    static final int NONE = -1;

    private static final int[] PERIODS_MILLIS = {100, 200, 500, 1000, 2000, 5000, 10_000, 30_000};

    /** Names that a filter looks at are cut here: a regular expression may take its time. */
    private static final int MAX_MATCHED = 1000;

    Grain grain = Grain.FUNCTIONS;
    Sort sort = Sort.OWN_TIME;

    /** Null for all. */
    LiveThread thread;

    boolean paused;
    boolean help;

    /** What is being typed after a slash; null when nothing is. */
    String prompt;

    /** One line for the user, until the next key; may be empty. */
    String message = "";

    /**
     * The rows whose callers and callees are shown, one opened from the other; empty: the table.
     */
    final Deque<Integer> opened = new ArrayDeque<>();

    /** The row of the table that is chosen: it stays so wherever it moves. */
    int chosenRow = NONE;

    /** The line that is chosen, among those of the table or of what is opened. */
    int cursor = NONE;

    /** The first line that is shown. */
    int scroll;

    long periodMillis;

    private Pattern filter;

    View(long periodMillis) {
        this.periodMillis = periodMillis;
    }

    /** Whether the filter lets a row through. */
    boolean shows(Frame frame) {
        if (filter == null) {
            return true;
        }
        String label = frame.label();
        return filter.matcher(label.substring(0, Math.min(label.length(), MAX_MATCHED))).find();
    }

    /** Empty for none. */
    String filterText() {
        return filter == null ? "" : filter.pattern();
    }

    /** An empty text is no filter. Capital letters matter where the text has any. */
    void filterBy(String text) {
        boolean anyCase = text.equals(text.toLowerCase(Locale.ROOT));
        int flags = anyCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0;
        try {
            filter = text.isEmpty() ? null : Pattern.compile(text, flags);
            backToTop();
        } catch (PatternSyntaxException e) {
            message = "no regular expression: " + e.getDescription();
        }
    }

    /** The next shorter or longer period. */
    void changePeriod(boolean longer) {
        int count = PERIODS_MILLIS.length;
        for (int i = 0; i < count; i++) {
            int millis = PERIODS_MILLIS[longer ? i : count - 1 - i];
            if (longer ? millis > periodMillis : millis < periodMillis) {
                periodMillis = millis;
                return;
            }
        }
    }

    /** Shows the callers and callees of a row. */
    void open(int row) {
        opened.push(row);
        cursor = NONE;
        scroll = 0;
    }

    /** Back to what was shown before; whether something was opened. */
    boolean close() {
        if (opened.isEmpty()) {
            return false;
        }
        opened.pop();
        cursor = NONE;
        scroll = 0;
        return true;
    }

    void backToTop() {
        chosenRow = NONE;
        cursor = NONE;
        scroll = 0;
    }
}
