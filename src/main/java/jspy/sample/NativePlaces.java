package jspy.sample;

/**
 * As which frames each native place is shown, by its {@link NativeRecord}: asked for each native
 * frame of a sample that is new. Open addressing, so that asking makes no object. Drain thread.
 */
final class NativePlaces {
    /** More places than any program has: a target may show another one in every sample. */
    private static final int MAX_PLACES = 1 << 19;

    private long[] places = new long[1024]; // 0, which is no native frame: free
    private int[][] shown = new int[1024][];
    private int count;

    /** Null for a place that was not put. */
    int[] getOrNull(long place) {
        return shown[slotOf(place)];
    }

    /** Whether no more is taken. */
    boolean isFull() {
        return count >= MAX_PLACES;
    }

    /** A place that is not there yet, while it is not {@linkplain #isFull full}. */
    void put(long place, int[] frames) {
        if (count * 2 >= places.length) {
            grow();
        }
        int slot = slotOf(place);
        places[slot] = place;
        shown[slot] = frames;
        count++;
    }

    // internals

    private int slotOf(long place) {
        long hash = place * 0x9E3779B97F4A7C15L;
        int slot = (int) (hash >>> 40) & places.length - 1;
        while (places[slot] != 0 && places[slot] != place) {
            slot = slot + 1 & places.length - 1;
        }
        return slot;
    }

    private void grow() {
        long[] before = places;
        int[][] shownBefore = shown;
        places = new long[before.length * 2];
        shown = new int[before.length * 2][];
        for (int i = 0; i < before.length; i++) {
            if (before[i] != 0) {
                int slot = slotOf(before[i]);
                places[slot] = before[i];
                shown[slot] = shownBefore[i];
            }
        }
    }
}
