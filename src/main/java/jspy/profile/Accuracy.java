package jspy.profile;

import java.util.Locale;
import java.util.Objects;

/**
 * How good a profile is: what was asked, what was reached, and what share of it is certain.
 *
 * <p>A <em>sample</em> is one reading of a process with all its threads, a <em>stack</em> one
 * thread in one sample. Built by {@link #builder}, as nineteen numbers in a row are easily mixed
 * up.
 *
 * @param rateAskedHz samples a second that the user asked for
 * @param rateReachedHz samples a second that were taken
 * @param samples samples taken and kept
 * @param stacks stacks in those samples
 * @param proved stacks shown to have stood still while they were read
 * @param agreed stacks not proved, but certain as two readings agree to the leaf
 * @param torn stacks that end in {@code [torn]}: only their root side is certain
 * @param truncated stacks that end in {@code [truncated: …]}
 * @param unreadable stacks with a frame {@code <unreadable>}
 * @param retried samples that were read more than once
 * @param lost samples taken but dropped, as the ring was full
 * @param late samples taken later than their time by more than the sampler's limit
 * @param missed ticks of the schedule that brought no sample, as they came too late
 * @param errors samples that could not be read at all
 * @param intervalP50Nanos median of the time between samples
 * @param intervalP99Nanos 99th percentile of the time between samples
 * @param cpuNanos CPU time of jspy, all its threads, while it sampled
 * @param wallNanos how long it sampled
 * @param provedHow what the proof rests on, such as {@code own core (rseq)}; empty where nothing
 *     was proved
 * @param natives how many stacks have their native frames
 */
public record Accuracy(
        double rateAskedHz,
        double rateReachedHz,
        long samples,
        long stacks,
        long proved,
        long agreed,
        long torn,
        long truncated,
        long unreadable,
        long retried,
        long lost,
        long late,
        long missed,
        long errors,
        double intervalP50Nanos,
        double intervalP99Nanos,
        long cpuNanos,
        long wallNanos,
        String provedHow,
        NativeShare natives) {

    public Accuracy {
        Objects.requireNonNull(provedHow, "provedHow");
    }

    public static AccuracyBuilder builder() {
        return new AccuracyBuilder();
    }

    /** The share of stacks that are proved, 0 to 100; 0 when there are none. */
    public double provedPercent() {
        return stacks == 0 ? 0 : 100.0 * proved / stacks;
    }

    /** jspy's share of one core, 0 to 100 and more; 0 when no time passed. */
    public double cpuPercent() {
        return wallNanos == 0 ? 0 : 100.0 * cpuNanos / wallNanos;
    }

    /**
     * One line for people; what is usually 0 and is 0 is left out, but for what one wants to see as
     * 0.
     */
    public String summary() {
        StringBuilder line = new StringBuilder();
        line.append(number(samples)).append(samples == 1 ? " sample" : " samples");
        line.append(" at ").append(rate(rateReachedHz)).append(" of ");
        line.append(rate(rateAskedHz)).append(" Hz");
        if (stacks == 0) {
            line.append(" · no stacks");
        } else {
            line.append(" · ").append(shareProved()).append(" % proved");
        }
        appendUnlessZero(line, agreed, "agreed");
        line.append(natives.summary(stacks));
        line.append(" · ").append(number(torn)).append(" torn");
        appendUnlessZero(line, truncated, "truncated");
        appendUnlessZero(line, unreadable, "unreadable");
        line.append(" · ").append(number(lost)).append(" lost");
        line.append(" · ").append(number(late)).append(" late");
        appendUnlessZero(line, missed, "missed");
        appendUnlessZero(line, errors, errors == 1 ? "error" : "errors");
        line.append(String.format(Locale.ROOT, " · jspy used %.1f %% of a core", cpuPercent()));
        return line.toString();
    }

    // internals

    /** Rounded down: only when all are proved it says 100.0. */
    private String shareProved() {
        return String.format(Locale.ROOT, "%.1f", Math.floor(provedPercent() * 10) / 10);
    }

    private static void appendUnlessZero(StringBuilder line, long count, String what) {
        if (count != 0) {
            line.append(" · ").append(number(count)).append(' ').append(what);
        }
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** {@code 99.9}, but {@code 100} rather than {@code 100.0}. */
    private static String rate(double hz) {
        String tenths = String.format(Locale.ROOT, "%,.1f", hz);
        return tenths.endsWith(".0") ? tenths.substring(0, tenths.length() - 2) : tenths;
    }
}
