package jspy.sample;

/**
 * The gaps between samples, in buckets of an eighth of a power of two: percentiles to within 9 %.
 * One thread.
 */
final class IntervalHistogram {
    private static final int PARTS = 8;

    private final long[] buckets = new long[64 * PARTS];
    private long count;

    void add(long nanos) {
        buckets[bucket(Math.max(1, nanos))]++;
        count++;
    }

    /** The gap that this share of the gaps does not exceed, in ns; 0 when there are none. */
    double percentileNanos(double share) {
        long left = (long) Math.ceil(share * count);
        for (int i = 0; i < buckets.length && count > 0; i++) {
            left -= buckets[i];
            if (left <= 0) {
                return Math.scalb(1 + (i % PARTS + 0.5) / PARTS, i / PARTS);
            }
        }
        return 0;
    }

    // internals

    private static int bucket(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        int part = power < 3 ? 0 : (int) (nanos >>> power - 3) & PARTS - 1;
        return power * PARTS + part;
    }
}
