package jspy.python;

import java.util.Arrays;

/**
 * The activations of the eval loop that a walk met, leaf first: where each keeps a frame of its own
 * on the C stack, and how many Python frames are above it. One sampler thread.
 */
final class StackAnchors {
    private long[] addresses = new long[16];
    private int[] depths = new int[16];
    private int count;

    int count() {
        return count;
    }

    long address(int index) {
        return addresses[index];
    }

    /** Python frames nearer to the leaf. */
    int depth(int index) {
        return depths[index];
    }

    void clear() {
        count = 0;
    }

    void add(long address, int framesAbove) {
        if (count == addresses.length) {
            grow();
        }
        set(count++, address, framesAbove);
    }

    void set(int index, long address, int framesAbove) {
        addresses[index] = address;
        depths[index] = framesAbove;
    }

    /**
     * Keeps those at the root, which {@code cut} others were above, and makes room for new ones
     * above them: {@link #set}.
     *
     * @param deeper how many more Python frames are above those that are kept
     */
    void rejoin(int cut, int fresh, int kept, int deeper) {
        count = fresh + kept;
        while (count > addresses.length) {
            grow();
        }
        if (cut != fresh) {
            System.arraycopy(addresses, cut, addresses, fresh, kept);
            System.arraycopy(depths, cut, depths, fresh, kept);
        }
        for (int i = fresh; i < count && deeper != 0; i++) {
            depths[i] += deeper;
        }
    }

    // internals

    private void grow() {
        addresses = Arrays.copyOf(addresses, addresses.length * 2);
        depths = Arrays.copyOf(depths, depths.length * 2);
    }
}
