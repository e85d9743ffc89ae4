package jspy.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.snapshot.MemoryImage;
import jspy.snapshot.SnapshotMemory;

import org.junit.jupiter.api.Test;

class WorkingSetTest {
    private static final long PAGE = 4096;
    private static final long BASE = 0x10_0000;

    private final ReadList list = new ReadList(4, 64);
    private final WorkingSet set = new WorkingSet(list);
    private final TargetMemory memory = memory(8);

    @Test
    void whatWasMissedOnceIsReadWithTheNextSample() {
        sample();
        assertEquals(WorkingSet.MISS, set.locate(BASE + 64, 16));
        assertTrue(set.want(BASE + 64, 16));
        readWanted();
        set.load();
        assertEquals(value(BASE + 64), set.getByte(set.locate(BASE + 64, 16)));
        sample();
        assertNotEquals(WorkingSet.MISS, set.locate(BASE + 64, 16));
        assertEquals(1, list.count());
    }

    @Test
    void rangesThatLieNearEachOtherAreOne() {
        want(BASE, 8);
        want(BASE + RangeSet.JOIN_GAP_BYTES, 8);
        want(BASE + 4 * RangeSet.JOIN_GAP_BYTES, 8);
        sample();
        assertEquals(2, set.ranges());
    }

    @Test
    void whatNoSampleOfTwoWholeEpochsUsesIsDropped() {
        want(BASE, 100);
        want(BASE + 4 * PAGE, 100);
        for (int i = 0; i < 3 * WorkingSet.EPOCH_SAMPLES; i++) {
            sample();
            assertNotEquals(WorkingSet.MISS, set.locate(BASE + 10, 20));
        }
        assertEquals(1, set.ranges());
        assertEquals(BASE + 8, list.address(0)); // whole words
        assertEquals(24, list.lengthBytes(0));
    }

    @Test
    void headRoomThatIsExpectedIsReadAfterTheNextTrim() {
        want(BASE, 64);
        for (int i = 0; i <= WorkingSet.EPOCH_SAMPLES; i++) {
            sample();
            assertNotEquals(WorkingSet.MISS, set.locate(BASE, 64));
            set.expect(BASE, 256);
        }
        assertEquals(256, list.lengthBytes(0));
    }

    @Test
    void aRangeThatFaultsIsNotAskedForAgainUntilItIsPardoned() {
        long unmapped = BASE + 100 * PAGE;
        sample();
        assertTrue(set.want(unmapped, 8));
        assertTrue(set.want(BASE, 8));
        set.addWanted();
        assertEquals(0, memory.readAll(list, 0));
        set.forget(0);
        assertFalse(set.want(unmapped, 8));
        assertEquals(WorkingSet.MISS, set.locate(BASE, 8));
        assertTrue(set.want(BASE, 8));
        set.pardon();
        assertTrue(set.want(unmapped, 8));
    }

    @Test
    void rangesThatCannotBeAreNotWanted() {
        sample();
        assertFalse(set.want(BASE, 0));
        assertFalse(set.want(BASE, -1));
        assertFalse(set.want(BASE, WorkingSet.RANGE_MAX_BYTES + 1));
        assertFalse(set.want(-8, 8));
        assertFalse(set.want(Long.MAX_VALUE - 8, 16));
        assertEquals(0, set.wanted());
    }

    @Test
    void anAddressNearTheEndOfAllIsAMiss() {
        want(BASE, 64);
        sample();
        for (long address : new long[] {Long.MAX_VALUE - 7, Long.MAX_VALUE, Long.MIN_VALUE, -8}) {
            assertEquals(WorkingSet.MISS, set.locate(address, 100));
        }
    }

    @Test
    void noMoreIsWantedThanMemoryHolds() {
        sample();
        long most = WorkingSet.MAX_BYTES / WorkingSet.RANGE_MAX_BYTES;
        long wanted = 0;
        for (long i = 0; i < 10 * most; i++) {
            wanted += set.want(BASE + i * PAGE, WorkingSet.RANGE_MAX_BYTES) ? 1 : 0;
        }
        assertEquals(most, wanted);
    }

    @Test
    void secondCopiesLieOneStrideBehindTheFirst() {
        want(BASE, 64);
        want(BASE + 4 * PAGE, 64);
        list.clear();
        list.add(BASE, 8); // words of somebody else come first
        set.addTo();
        long stride = set.addAgain();
        assertEquals(5, list.count());
        assertEquals(list.count(), memory.readAll(list, 0));
        set.load();
        for (long address : new long[] {BASE, BASE + 4 * PAGE + 7}) {
            long at = set.locate(address, 8);
            assertEquals(set.getLong(at), set.getLong(at + stride));
            assertEquals(value(address), set.getByte(at + stride));
        }
    }

    @Test
    void wordsAreReadAtEveryOffsetLowByteFirst() {
        for (int odd = 0; odd < 8; odd++) {
            list.clear();
            list.add(BASE, odd); // so that the copies lie at odd offsets
            set.addTo();
            set.want(BASE + 64, 64);
            set.addWanted();
            assertEquals(list.count(), memory.readAll(list, 0));
            set.load();
            for (int i = 0; i <= 56; i++) {
                long expected = 0;
                for (int b = 7; b >= 0; b--) {
                    expected = expected << 8 | value(BASE + 64 + i + b) & 0xff;
                }
                long at = set.locate(BASE + 64 + i, 8);
                assertEquals(expected, set.getLong(at));
                assertEquals((int) expected, set.getInt(at));
                assertEquals((byte) expected, set.getByte(at));
            }
            set.clear();
        }
    }

    // internals

    private void want(long address, long length) {
        sample();
        assertTrue(set.want(address, length));
        readWanted();
    }

    private void sample() {
        list.clear();
        set.addTo();
        assertEquals(list.count(), memory.readAll(list, 0));
    }

    private void readWanted() {
        int first = list.count();
        set.addWanted();
        assertEquals(list.count(), memory.readAll(list, first));
    }

    /** So many pages from {@link #BASE} on, each byte made of its address. */
    static TargetMemory memory(int pages) {
        MemoryImage.Builder image = new MemoryImage.Builder();
        byte[] bytes = new byte[(int) (pages * PAGE)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = value(BASE + i);
        }
        image.put(BASE, bytes);
        return new SnapshotMemory(image.build());
    }

    static byte value(long address) {
        return (byte) (address * 31 ^ address >>> 8);
    }
}
