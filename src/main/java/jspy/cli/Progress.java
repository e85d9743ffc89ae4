package jspy.cli;

import jspy.sample.Recording;
import jspy.sample.SampleCounters;

import java.io.PrintStream;
import java.util.Locale;

/** The line that tells how the recording goes; nothing where standard error is no terminal. */
final class Progress {
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintStream err = System.err;
    private final boolean shown;
    private final long durationNanos;

    /**
     * @param wanted false: nothing is shown on a terminal either
     */
    Progress(long durationNanos, boolean wanted) {
        this.durationNanos = durationNanos;
        shown = wanted && Terminal.is(Terminal.ERR);
    }

    void show(Recording recording) {
        if (!shown) {
            return;
        }
        SampleCounters counters = recording.counters();
        long samples = counters.get(SampleCounters.SAMPLES);
        long errors = counters.get(SampleCounters.ERRORS);
        double proved = samples == 0 ? 0 : 100.0 * counters.get(SampleCounters.PROVED) / samples;
        err.print(
                CLEAR_LINE
                        + "jspy: %s · %,d samples · %.1f %% proved%s"
                                .formatted(
                                        time(recording.elapsedNanos()),
                                        samples,
                                        proved,
                                        errors == 0 ? "" : " · %,d errors".formatted(errors)));
        err.flush();
    }

    void clear() {
        if (shown) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }

    // internals

    private String time(long elapsedNanos) {
        return durationNanos == Recording.UNLIMITED
                ? seconds(elapsedNanos)
                : seconds(Math.max(0, durationNanos - elapsedNanos)) + " left";
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
