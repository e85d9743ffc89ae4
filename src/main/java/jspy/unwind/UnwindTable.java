package jspy.unwind;

/**
 * How to unwind from any instruction of a binary: rows of a first address and the number of a rule,
 * two bytes each, sorted, in pages of 64 KiB of code; each different {@link Rule} is there once.
 * Addresses are the file's own, before the load bias. Immutable; any thread.
 */
public final class UnwindTable {
    private static final int PAGE_SHIFT = 16;

    private final long base;

    /** By page: its first row, or that of the next page that has one; one more than pages. */
    private final int[] pages;

    /** By row: its first address in its page. */
    private final char[] starts;

    private final char[] numbers;
    private final long[] rules;

    /**
     * @param base what {@code starts}, unsigned, count from
     * @param rules two longs each; number 0 is no rule
     */
    UnwindTable(long base, int[] starts, char[] numbers, long[] rules) {
        this.base = base;
        this.numbers = numbers;
        this.rules = rules;
        this.starts = new char[starts.length];
        int lastPage = starts.length == 0 ? -1 : starts[starts.length - 1] >>> PAGE_SHIFT;
        pages = new int[lastPage + 2];
        int page = 0;
        for (int row = 0; row < starts.length; row++) {
            while (page <= starts[row] >>> PAGE_SHIFT) {
                pages[page++] = row;
            }
            this.starts[row] = (char) starts[row];
        }
        pages[page] = starts.length;
    }

    /** The number of the rule for an instruction, 0 when none is known. */
    int find(long address) {
        long distance = address - base;
        if (distance < 0 || pages.length == 1) {
            return 0;
        }
        long page = distance >>> PAGE_SHIFT;
        if (page >= pages.length - 1) {
            return numbers[numbers.length - 1];
        }
        int wanted = (int) distance & 0xffff;
        int low = pages[(int) page];
        int high = pages[(int) page + 1] - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (starts[middle] <= wanted) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? 0 : numbers[high]; // the row before a page's first reaches into the page
    }

    long first(int number) {
        return rules[number * 2];
    }

    long second(int number) {
        return rules[number * 2 + 1];
    }

    public int rows() {
        return starts.length;
    }

    public int rules() {
        return rules.length / 2;
    }

    /** Memory that it takes, object headers aside. */
    public long sizeBytes() {
        return starts.length * 4L + pages.length * 4L + rules.length * 8L;
    }

    /** First address of a row. */
    long start(int row) {
        int page = 0;
        while (pages[page + 1] <= row) {
            page++;
        }
        return base + ((long) page << PAGE_SHIFT) + starts[row];
    }

    int number(int row) {
        return numbers[row];
    }

    @Override
    public String toString() {
        return "%d rows of %d rules".formatted(rows(), rules());
    }
}
