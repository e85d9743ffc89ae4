package jspy.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Pages of the target that are read in the same calls as its stacks, so that what lies in them is
 * of the stacks' moment. As a memory it answers from these copies; what is not among them it reads
 * from the target at once, notes as {@link #missed}, and wants with the next reading. So whoever
 * follows pointers twice or three times has all of one moment.
 *
 * <p>One thread, that of the memory behind it.
 */
public final class PageCopies implements TargetMemory {
    private static final int PAGE_BYTES = 4096;

    /** Pages read at once, some milliseconds for which the target waits; more are always missed. */
    static final int MAX_PAGES = 4096;

    private static final int NONE = -1;

    private final TargetMemory memory;
    private long[] pages = new long[64]; // numbers of the pages that are wanted, ascending
    private int count;
    private int copied; // how many of them the copies hold, those of the last reading
    private long[] copiedPages = new long[0];
    private MemorySegment copies = MemorySegment.NULL;
    private int firstRange;
    private boolean missed;

    public PageCopies(TargetMemory memory) {
        this.memory = memory;
    }

    /** Adds all pages known so far to a reading. */
    public void addTo(ReadList list) {
        firstRange = list.count();
        for (int i = 0; i < count; ) {
            int pagesInRow = row(i);
            list.add(pages[i] * PAGE_BYTES, (long) pagesInRow * PAGE_BYTES);
            i += pagesInRow;
        }
    }

    /**
     * A range of the last {@link #addTo} is not mapped any more: its pages are wanted no longer.
     */
    public void forget(ReadList list, int range) {
        long first = list.address(range) / PAGE_BYTES;
        long last = first + list.lengthBytes(range) / PAGE_BYTES;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (pages[i] < first || pages[i] >= last) {
                pages[kept++] = pages[i];
            }
        }
        count = kept;
    }

    /** Whether the range is one of the last {@link #addTo}. */
    public boolean has(int range) {
        return range >= firstRange;
    }

    /** Takes what the reading that {@link #addTo} was part of has copied; nothing is missed yet. */
    public void take(ReadList list) {
        missed = false;
        copied = count;
        copiedPages = Arrays.copyOf(pages, count);
        long bytes = (long) count * PAGE_BYTES;
        if (copies.byteSize() < bytes) {
            copies = Arena.ofAuto().allocate(bytes, 8);
        }
        if (count > 0) {
            MemorySegment.copy(list.buffer(), list.offset(firstRange), copies, 0, bytes);
        }
    }

    /** Lets go of the copies: every read is of now. */
    public void drop() {
        copied = 0;
    }

    /** Whether a read since the last {@link #take} had to ask the target itself. */
    public boolean missed() {
        return missed;
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        int done = 0;
        while (done < length) {
            long at = address + done;
            int inPage = (int) (at & PAGE_BYTES - 1);
            int piece = Math.min(length - done, PAGE_BYTES - inPage);
            int index = Arrays.binarySearch(copiedPages, 0, copied, at >>> 12);
            if (index >= 0) {
                long from = (long) index * PAGE_BYTES + inPage;
                MemorySegment.copy(copies, from, into, offset + done, piece);
            } else {
                int got = memory.read(at, into, offset + done, piece);
                if (got > 0) {
                    want(at >>> 12);
                }
                if (got < piece) {
                    return got < 0 && done > 0 ? done : got < 0 ? got : done + got;
                }
            }
            done += piece;
        }
        return done;
    }

    @Override
    public int readAll(ReadList list, int first) {
        for (int i = first; i < list.count(); i++) {
            int length = (int) list.lengthBytes(i);
            if (read(list.address(i), list.buffer(), list.offset(i), length) != length) {
                return i;
            }
        }
        return list.count();
    }

    @Override
    public String how() {
        return memory.how();
    }

    @Override
    public void close() {}

    // internals

    private int row(int from) {
        int next = from + 1;
        while (next < count && pages[next] == pages[next - 1] + 1) {
            next++;
        }
        return next - from;
    }

    private void want(long page) {
        missed = true;
        int at = Arrays.binarySearch(pages, 0, count, page);
        if (at >= 0 || count == MAX_PAGES) {
            return;
        }
        at = NONE - at;
        if (count == pages.length) {
            pages = Arrays.copyOf(pages, count * 2);
        }
        System.arraycopy(pages, at, pages, at + 1, count - at);
        pages[at] = page;
        count++;
    }
}
