package jspy.top;

import jspy.profile.Accuracy;
import jspy.profile.LiveProfile.LiveThread;
import jspy.profile.LiveUpdate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines above the table: what is looked at, how busy it is, how good the numbers are. */
final class Header {
    private Header() {}

    /**
     * @param activeKnown whether threads were asked if they are active
     */
    static List<String> lines(String title, Model model, View view, boolean activeKnown) {
        List<String> lines = new ArrayList<>();
        lines.add(title);
        LiveUpdate last = model.profile().last();
        if (last == null || last.accuracy().samples() == 0) {
            lines.add("waiting for the first samples");
            lines.add("");
        } else {
            lines.add(
                    last.samples() == 0
                            ? "no samples in the last period"
                            : activity(last, activeKnown));
            lines.add(quality(last));
        }
        lines.add(choices(view));
        return lines;
    }

    // internals

    private static String activity(LiveUpdate last, boolean activeKnown) {
        StringBuilder line = new StringBuilder("GIL: ");
        line.append(percent(last.gilNanos(), last.spanNanos()));
        if (activeKnown) {
            line.append(", Active: ").append(percent(last.stackNanos(), last.spanNanos()));
        }
        line.append(", Threads: ").append(last.threads());
        line.append(", Processes: ").append(last.processes());
        return line.toString();
    }

    private static String quality(LiveUpdate last) {
        Accuracy accuracy = last.accuracy();
        double hz =
                last.spanNanos() == 0 || last.processes() == 0
                        ? 0
                        : last.samples() * 1e9 / last.spanNanos() / last.processes();
        StringBuilder line = new StringBuilder(clock(accuracy.wallNanos()));
        line.append(
                String.format(
                        Locale.ROOT,
                        ", %.0f of %.0f Hz, %.1f%% proved, %,d errors",
                        hz,
                        accuracy.rateAskedHz(),
                        Math.floor(accuracy.provedPercent() * 10) / 10,
                        accuracy.errors()));
        if (accuracy.lost() > 0) {
            line.append(String.format(Locale.ROOT, ", %,d lost", accuracy.lost()));
        }
        line.append(String.format(Locale.ROOT, ", %,d samples", accuracy.samples()));
        return line.toString();
    }

    private static String choices(View view) {
        StringBuilder line = new StringBuilder();
        if (view.paused) {
            line.append("PAUSED, ");
        }
        line.append(view.grain == Grain.LINES ? "lines" : "functions");
        line.append(" by ").append(view.sort.title);
        line.append(", every ").append(seconds(view.periodMillis)).append(" s");
        line.append(", ").append(view.thread == null ? "all threads" : name(view.thread));
        if (!view.filterText().isEmpty()) {
            line.append(", filter: ").append(view.filterText());
        }
        return line.toString();
    }

    private static String name(LiveThread thread) {
        String name = thread.log().threadName();
        return "thread "
                + thread.log().shownId()
                + (name == null || name.isEmpty() ? "" : " (" + name + ")");
    }

    private static String percent(long nanos, long ofNanos) {
        return String.format(Locale.ROOT, "%.0f%%", ofNanos == 0 ? 0 : 100.0 * nanos / ofNanos);
    }

    private static String seconds(long millis) {
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1e3);
    }

    private static String clock(long nanos) {
        long seconds = nanos / 1_000_000_000;
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(
                        Locale.ROOT,
                        "%d:%02d:%02d",
                        seconds / 3600,
                        seconds / 60 % 60,
                        seconds % 60);
    }
}
