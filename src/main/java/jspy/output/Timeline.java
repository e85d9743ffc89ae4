package jspy.output;

import jspy.profile.SampleLog;

/**
 * A thread's samples as spans that follow each other without a gap from 0 to the end of the
 * recording.
 *
 * <p>A sample stands for the time up to it, so its span ends there; where samples overlap, the
 * later one is cut short. Time that no sample stands for (the thread was idle, or did not exist) is
 * a span of its own. One thread; ns since the profile's start.
 */
final class Timeline {
    /** The stack of a span without a sample. */
    static final int NOTHING = -1;

    private final SampleLog.Cursor samples;
    private final long endNanos;

    private boolean pending;
    private long nowNanos;
    private int stack = NOTHING;
    private long nanos;

    Timeline(SampleLog log, long endNanos) {
        this.samples = log.cursor();
        this.endNanos = endNanos;
        pending = samples.next();
    }

    /** Moves to the next span; false at the end. */
    boolean next() {
        if (!pending) {
            return span(NOTHING, endNanos - nowNanos);
        }
        long startNanos = samples.timeNanos() - samples.weightNanos();
        if (startNanos > nowNanos) {
            return span(NOTHING, startNanos - nowNanos);
        }
        span(samples.node(), Math.max(0, samples.timeNanos() - nowNanos));
        pending = samples.next();
        return true;
    }

    /** The span's stack, or {@link #NOTHING}. */
    int stack() {
        return stack;
    }

    /** How long the span is. */
    long nanos() {
        return nanos;
    }

    // internals

    private boolean span(int spanStack, long spanNanos) {
        stack = spanStack;
        nanos = spanNanos;
        nowNanos += Math.max(0, spanNanos);
        return spanNanos > 0;
    }
}
