package jspy.sample;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock-free ring of records of longs between one producer and one consumer. The first long of a
 * record is its length in longs, itself included. A full ring refuses: the producer counts the loss
 * and never waits.
 *
 * <p>Cursors count longs and only grow; each has a cache line to itself.
 */
public final class SpscRing {
    /** {@link #claim}: no room. */
    public static final long FULL = -1;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /** Two lines: adjacent ones are fetched in pairs. */
    private static final int CACHE_LINE_LONGS = 16;

    /** First long of a record that only fills the end of the ring. */
    private static final long PADDING = 1L << 62;

    private static final int HEAD = CACHE_LINE_LONGS;
    private static final int TAIL = 2 * CACHE_LINE_LONGS;
    private static final int DATA = 3 * CACHE_LINE_LONGS;

    /** An array: the first compiler makes much more of an access to native memory. */
    private final long[] memory;

    private final int capacity;
    private final int mask;

    // the producer's
    private long tail;
    private long headSeen;
    private long claimed;

    // the consumer's
    private long head;

    /** {@code capacityLongs}: a power of two. */
    public SpscRing(int capacityLongs) {
        if (Integer.bitCount(capacityLongs) != 1) {
            throw new IllegalArgumentException("no power of two: " + capacityLongs);
        }
        capacity = capacityLongs;
        mask = capacity - 1;
        memory = new long[DATA + capacity + CACHE_LINE_LONGS];
    }

    /**
     * Producer: room for a record of {@code longs}; its position for {@link #put}, or {@link
     * #FULL}.
     */
    public long claim(int longs) {
        long untilEnd = capacity - (tail & mask);
        long needed = longs <= untilEnd ? longs : untilEnd + longs;
        if (tail + needed - headSeen > capacity) {
            headSeen = (long) LONGS.getAcquire(memory, HEAD); // pairs with the release in release()
            if (tail + needed - headSeen > capacity) {
                return FULL;
            }
        }
        if (longs > untilEnd) {
            memory[DATA + (int) (tail & mask)] = PADDING | untilEnd;
        }
        claimed = tail + needed;
        long position = claimed - longs;
        put(position, 0, longs);
        return position;
    }

    /** Producer: whether an eighth of the ring waits for the consumer. */
    public boolean isFilling() {
        return tail - (long) LONGS.getAcquire(memory, HEAD) > capacity / 8;
    }

    /** Producer: sets a long of the claimed record, plainly. */
    public void put(long position, int index, long value) {
        memory[DATA + ((int) position & mask) + index] = value;
    }

    /** Producer: makes the claimed record visible. */
    public void commit() {
        tail = claimed;
        LONGS.setRelease(memory, TAIL, tail); // pairs with the acquire in poll()
    }

    /** Consumer: the position of the next record, or -1 when there is none. */
    public long poll() {
        long end = (long) LONGS.getAcquire(memory, TAIL); // pairs with the release in commit()
        if (head == end) {
            return -1;
        }
        long first = get(head, 0);
        if ((first & PADDING) != 0) {
            head += first & ~PADDING;
        }
        return head;
    }

    /** Consumer: a long of the record at that position. */
    public long get(long position, int index) {
        return memory[DATA + ((int) position & mask) + index];
    }

    /** Consumer: done with the record at that position. */
    public void release(long position) {
        head = position + get(position, 0);
        LONGS.setRelease(memory, HEAD, head); // pairs with the acquire in claim()
    }
}
