package jspy.sample;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the sampler counts. The sampler thread adds; others read at any time and may see a count
 * that is a moment old.
 */
public final class SampleCounters {
    /** Samples sent on. */
    public static final int SAMPLES = 0;

    /** Of these, proved. */
    public static final int PROVED = 1;

    /** Of the others, those in which both copies of every stack agreed. */
    public static final int AGREED = 2;

    /** Of the others, those with a stack that is certain in part only. */
    public static final int TORN = 3;

    /** Reads made again because the first was not proved. */
    public static final int RETRIED = 4;

    /** Samples that found no room in the ring. */
    public static final int LOST = 5;

    /** Samples begun more than an interval late. */
    public static final int LATE = 6;

    /** Ticks given up. */
    public static final int MISSED = 7;

    /** Further calls for frames outside what was copied. */
    public static final int MISSES = 8;

    /** Memory reads, all of them. */
    public static final int READS = 9;

    /** Reads that failed: nothing could be sampled at that tick. */
    public static final int ERRORS = 10;

    /** Native stacks that were not had, by why: no stop is allowed, */
    public static final int NATIVE_DENIED = 11;

    /** the thread did not stop in time, or its stack could not be read, */
    public static final int NATIVE_UNREAD = 12;

    /** its Python frames were not those of a thread that stands still, */
    public static final int NATIVE_UNSETTLED = 13;

    /** an activation of the eval loop lay in no native frame. */
    public static final int NATIVE_UNMATCHED = 14;

    /** Ticks taken: in each, every process is sampled once. */
    public static final int TICKS = 15;

    private static final int COUNT = 16;
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] counts = new long[COUNT];

    void add(int counter, long by) {
        LONGS.setOpaque(counts, counter, counts[counter] + by);
    }

    void set(int counter, long value) {
        LONGS.setOpaque(counts, counter, value);
    }

    public long get(int counter) {
        return (long) LONGS.getOpaque(counts, counter);
    }
}
