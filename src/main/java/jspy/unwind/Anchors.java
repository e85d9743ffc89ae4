package jspy.unwind;

import java.util.Arrays;

/**
 * Where activations of CPython's eval loop keep something in their own C frames, leaf first: the
 * address lies in exactly one native frame. Each comes with the Python frames that it runs, as the
 * index behind its last one. Mutable, used again for each stack; allocates only to grow.
 */
public final class Anchors {
    private long[] addresses = new long[32];
    private int[] ends = new int[32];
    private int count;

    public void clear() {
        count = 0;
    }

    /**
     * Adds the next activation towards the root.
     *
     * @param pythonEnd one behind the last Python frame, leaf first, that it runs
     */
    public void add(long address, int pythonEnd) {
        if (count == addresses.length) {
            addresses = Arrays.copyOf(addresses, count * 2);
            ends = Arrays.copyOf(ends, count * 2);
        }
        addresses[count] = address;
        ends[count++] = pythonEnd;
    }

    public int count() {
        return count;
    }

    public long address(int index) {
        return addresses[index];
    }

    public int pythonEnd(int index) {
        return ends[index];
    }
}
