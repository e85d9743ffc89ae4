package jspy.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

class PageCopiesTest {
    private static final int PAGE = 4096;

    private final Changing memory = new Changing();
    private final PageCopies pages = new PageCopies(memory);
    private final ReadList list = new ReadList(8, 1 << 16);

    @Test
    void whatWasNotCopiedIsReadNowAndMissed() {
        assertEquals(1, value(0x5008));
        assertTrue(pages.missed());
        assertEquals(1, memory.reads);
    }

    @Test
    void whatWasMissedIsCopiedWithTheNextReading() {
        value(0x5008);
        reading();
        memory.now = 7;
        assertEquals(1, value(0x5008), "of the moment of the reading");
        assertEquals(1, value(0x5ff8));
        assertFalse(pages.missed());
        assertEquals(7, value(0x6000), "of now");
        assertTrue(pages.missed());
    }

    @Test
    void aValueOverTwoPagesWantsBoth() {
        value(0x5ffc);
        reading();
        assertEquals(List.of(0x5000L, 2L * PAGE), ranges());
        memory.now = 7;
        assertEquals(0x1_0000_0001L, word(0x5ffc) & 0x1_0000_0001L);
        assertFalse(pages.missed());
    }

    @Test
    void pagesInARowAreOneRange() {
        for (long page : new long[] {9, 3, 5, 4, 3}) {
            value(page * PAGE);
        }
        reading();
        assertEquals(List.of(3L * PAGE, 3L * PAGE, 9L * PAGE, (long) PAGE), ranges());
        memory.now = 7;
        assertEquals(1, value(4 * PAGE + 16));
        assertEquals(1, value(9 * PAGE + 16));
    }

    @Test
    void whatIsGoneIsWantedNoLonger() {
        value(3 * PAGE);
        value(9 * PAGE);
        list.clear();
        pages.addTo(list);
        pages.forget(list, 0);
        reading();
        assertEquals(List.of(9L * PAGE, (long) PAGE), ranges());
        memory.now = 7;
        assertEquals(1, value(9 * PAGE));
        assertEquals(7, value(3 * PAGE));
    }

    @Test
    void otherRangesOfTheListAreNotItsOwn() {
        value(3 * PAGE);
        list.clear();
        list.add(0x100, 8);
        pages.addTo(list);
        memory.readAll(list, 0);
        pages.take(list);
        assertFalse(pages.has(0));
        assertTrue(pages.has(1));
        memory.now = 7;
        assertEquals(1, value(3 * PAGE));
    }

    @Test
    void droppedCopiesAnswerNoLonger() {
        value(3 * PAGE);
        reading();
        memory.now = 7;
        pages.drop();
        assertEquals(7, value(3 * PAGE));
    }

    @Test
    void whatCannotBeReadIsNotWanted() {
        memory.end = 0x5000;
        MemorySegment into = MemorySegment.ofArray(new byte[16]);
        assertEquals(TargetMemory.FAULT, pages.read(0x5000, into, 0, 8));
        assertEquals(4, pages.read(0x4ffc, into, 0, 8));
        reading();
        assertEquals(List.of(0x4000L, (long) PAGE), ranges());
    }

    @Test
    void noMoreIsCopiedThanTheTargetMayWaitFor() {
        for (int i = 0; i < PageCopies.MAX_PAGES + 1; i++) {
            value((long) i * 2 * PAGE);
        }
        reading();
        assertEquals(PageCopies.MAX_PAGES, list.count());
        value(2L * PAGE * PageCopies.MAX_PAGES);
        assertTrue(pages.missed());
    }

    // internals

    private long value(long address) {
        return word(address) & 0xff;
    }

    private long word(long address) {
        MemorySegment into = MemorySegment.ofArray(new byte[16]);
        assertEquals(8, pages.read(address, into, 8, 8));
        return into.get(ValueLayout.JAVA_LONG_UNALIGNED, 8);
    }

    private void reading() {
        list.clear();
        pages.addTo(list);
        assertEquals(list.count(), memory.readAll(list, 0));
        pages.take(list);
    }

    private List<Long> ranges() {
        List<Long> ranges = new ArrayList<>();
        for (int i = 0; i < list.count(); i++) {
            ranges.addAll(List.of(list.address(i), list.lengthBytes(i)));
        }
        return ranges;
    }

    /** Every byte of it is what it is now. */
    private static final class Changing implements TargetMemory {
        private byte now = 1;
        private long end = Long.MAX_VALUE;
        private int reads;

        @Override
        public int read(long address, MemorySegment into, long offset, int length) {
            reads++;
            if (address >= end) {
                return FAULT;
            }
            int there = (int) Math.min(length, end - address);
            into.asSlice(offset, there).fill(now);
            return there;
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
            return "changing";
        }

        @Override
        public void close() {}
    }
}
