package jspy.memory;

import java.util.Arrays;

/**
 * Ranges of addresses, sorted, never overlapping, near ones joined, each with what of it was used
 * in this epoch and in the one before. One thread; allocates only while it grows.
 */
final class RangeSet {
    /**
     * Ranges closer than this are joined: both ends are mapped, so what lies between is, and costs
     * less than an iovec.
     */
    static final long JOIN_GAP_BYTES = 1024;

    /**
     * A range does not grow beyond this by joining; one that is asked for in one piece may be
     * larger.
     */
    static final long JOINED_MAX_BYTES = 16 * 1024;

    private long[] start = new long[256];
    private long[] end = new long[256];
    private long[] usedFrom = new long[256]; // in this epoch; usedTo 0: not used yet
    private long[] usedTo = new long[256];
    private long[] beforeFrom = new long[256]; // in the epoch before
    private long[] beforeTo = new long[256];
    private int count;

    int count() {
        return count;
    }

    long start(int range) {
        return start[range];
    }

    long end(int range) {
        return end[range];
    }

    long bytes() {
        long bytes = 0;
        for (int i = 0; i < count; i++) {
            bytes += end[i] - start[i];
        }
        return bytes;
    }

    void clear() {
        count = 0;
    }

    /** A walk used that part of a range. */
    void touch(int range, long from, long to) {
        if (from < usedFrom[range]) {
            usedFrom[range] = from;
        }
        if (to > usedTo[range]) {
            usedTo[range] = to;
        }
    }

    /**
     * Adds a range, swallowing those that it overlaps and joining near ones. Moves what lies behind
     * it.
     */
    void insert(long from, long to) {
        int first = 0;
        int high = count;
        while (first < high) {
            int middle = (first + high) >>> 1;
            if (end[middle] < from) {
                first = middle + 1;
            } else {
                high = middle;
            }
        }
        long newFrom = from;
        long newTo = to;
        if (first > 0 && joins(start[first - 1], end[first - 1], newFrom, newTo)) {
            first--;
        }
        int last = first; // exclusive: the ranges that become part of the new one
        while (last < count
                && (overlaps(start[last], end[last], newFrom, newTo)
                        || joins(start[last], end[last], newFrom, newTo))) {
            newFrom = Math.min(newFrom, start[last]);
            newTo = Math.max(newTo, end[last]);
            last++;
        }
        shift(last, first + 1 - last);
        start[first] = newFrom;
        end[first] = newTo;
        usedFrom[first] = newFrom; // all of it counts as used until the next epoch has looked at it
        usedTo[first] = newTo;
        beforeFrom[first] = newFrom;
        beforeTo[first] = newTo;
    }

    /** What overlaps with that goes. */
    void remove(long from, long to) {
        for (int i = count - 1; i >= 0; i--) {
            if (start[i] < to && end[i] > from) {
                shift(i + 1, -1);
            }
        }
    }

    /** Cuts every range to what two epochs used of it; what neither used goes. */
    void trim() {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            long from = Math.min(usedFrom[i], beforeFrom[i]);
            long to = Math.max(usedTo[i], beforeTo[i]);
            if (i + 1 < count) {
                to = Math.min(to, start[i + 1]);
            }
            if (to > from) {
                start[kept] = from;
                end[kept] = to;
                beforeFrom[kept] = usedFrom[i];
                beforeTo[kept] = usedTo[i];
                usedFrom[kept] = Long.MAX_VALUE;
                usedTo[kept] = 0;
                kept++;
            }
        }
        count = kept;
    }

    // internals

    private static boolean overlaps(long aFrom, long aTo, long bFrom, long bTo) {
        return aFrom <= bTo && bFrom <= aTo;
    }

    private static boolean joins(long aFrom, long aTo, long bFrom, long bTo) {
        long gap = Math.max(aFrom, bFrom) - Math.min(aTo, bTo);
        return gap <= JOIN_GAP_BYTES
                && Math.max(aTo, bTo) - Math.min(aFrom, bFrom) <= JOINED_MAX_BYTES;
    }

    /**
     * Moves the ranges from {@code from} on by {@code by} places; {@code by} may be negative, zero
     * or one.
     */
    private void shift(int from, int by) {
        if (count + by > start.length) {
            int larger = start.length * 2;
            start = Arrays.copyOf(start, larger);
            end = Arrays.copyOf(end, larger);
            usedFrom = Arrays.copyOf(usedFrom, larger);
            usedTo = Arrays.copyOf(usedTo, larger);
            beforeFrom = Arrays.copyOf(beforeFrom, larger);
            beforeTo = Arrays.copyOf(beforeTo, larger);
        }
        if (by != 0) {
            int length = count - from;
            System.arraycopy(start, from, start, from + by, length);
            System.arraycopy(end, from, end, from + by, length);
            System.arraycopy(usedFrom, from, usedFrom, from + by, length);
            System.arraycopy(usedTo, from, usedTo, from + by, length);
            System.arraycopy(beforeFrom, from, beforeFrom, from + by, length);
            System.arraycopy(beforeTo, from, beforeTo, from + by, length);
            count += by;
        }
    }
}
