package jspy.sample;

import java.util.Arrays;

/**
 * What belongs to the numbers of code objects that pass: those at addresses that are used again and
 * again. The numbers only grow, so that none ever stands for two; what its reader is done with is
 * dropped, in pages.
 *
 * <p>One thread puts, one reads and drops; what was put is released by the ring.
 */
final class PassingNumbers<T> {
    /** Numbers below are of code objects that last. */
    static final int FIRST = 1 << 28;

    static final int PAGE = 64;

    private Object[][] pages = new Object[16][];
    private int dropped; // pages

    static boolean has(int number) {
        return number >= FIRST;
    }

    void put(int number, T value) {
        int page = (number - FIRST) / PAGE;
        if (page >= pages.length) {
            pages = Arrays.copyOf(pages, Math.max(page + 1, pages.length * 2));
        }
        if (pages[page] == null) {
            pages[page] = new Object[PAGE];
        }
        pages[page][(number - FIRST) % PAGE] = value;
    }

    /** Null: it was never put, or dropped. */
    @SuppressWarnings("unchecked")
    T get(int number) {
        int page = (number - FIRST) / PAGE;
        return page >= pages.length || pages[page] == null
                ? null
                : (T) pages[page][(number - FIRST) % PAGE];
    }

    /** The reader needs none below this number any more. */
    void dropBelow(int number) {
        int end = Math.min((number - FIRST) / PAGE, pages.length);
        while (dropped < end) {
            pages[dropped++] = null;
        }
    }

    /** How many pages are there now. */
    int pages() {
        int count = 0;
        for (Object[] page : pages) {
            count += page == null ? 0 : 1;
        }
        return count;
    }
}
