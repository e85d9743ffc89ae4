package jspy.sample;

import java.util.Arrays;

/**
 * What belongs to the numbers of code objects that pass: those at addresses that are used again and
 * again. The numbers only grow, so that none ever stands for two; what lies far behind the newest
 * that its reader has seen is dropped. Pages of it go as a whole.
 *
 * <p>One thread puts, one reads and drops; what was put is released by the ring.
 */
final class PassingNumbers<T> {
    /** Numbers below are of code objects that last. */
    static final int FIRST = 1 << 28;

    static final int PAGE = 1024;

    /** Pages behind the newest number: more than {@link CodeTable} goes back. */
    private static final int KEPT_PAGES = 32;

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

    /** The reader is at this number: what lies far behind it goes. */
    void passed(int number) {
        int end = (number - FIRST) / PAGE - KEPT_PAGES;
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
