package jspy.sample;

/**
 * When to sample: exponential gaps (a Poisson process), so that no rhythm of the target can alias
 * with the sampler's. Times are nanoseconds of the monotonic clock. Late ticks are taken at once; a
 * sampler that has fallen more than {@link #MAX_BEHIND_INTERVALS} behind gives up what it missed
 * and says so. One thread, no allocation.
 */
public final class Schedule {
    /** Ticks that may be made up for. Beyond them a burst of samples would measure the burst. */
    static final int MAX_BEHIND_INTERVALS = 8;

    private final double meanNanos;
    private long state;
    private double dueNanos;
    private long late;
    private long missed;

    public Schedule(double rateHz, long startNanos, long seed) {
        meanNanos = 1e9 / rateHz;
        state = seed == 0 ? 0x9E3779B97F4A7C15L : seed;
        dueNanos = startNanos;
        advance();
    }

    /** When the next sample is due. */
    public long dueNanos() {
        return (long) dueNanos;
    }

    /**
     * A sample was begun at {@code nowNanos}: counts whether it was late and sets the next due
     * time.
     */
    public void taken(long nowNanos) {
        if (nowNanos - dueNanos > meanNanos) {
            late++;
        }
        advance();
        while (nowNanos - dueNanos > MAX_BEHIND_INTERVALS * meanNanos) {
            missed++;
            advance();
        }
    }

    /** Samples begun more than a mean interval after they were due. */
    public long late() {
        return late;
    }

    /** Ticks given up because the sampler was too far behind. */
    public long missed() {
        return missed;
    }

    // internals

    private void advance() {
        dueNanos += -Math.log(uniform()) * meanNanos;
    }

    /** In (0, 1], from xorshift64*: Marsaglia 2003, Vigna 2014. */
    private double uniform() {
        state ^= state >>> 12;
        state ^= state << 25;
        state ^= state >>> 27;
        return ((state * 0x2545F4914F6CDD1DL >>> 11) + 1) * 0x1.0p-53;
    }
}
