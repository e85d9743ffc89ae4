package jspy.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class SnapshotMemoryTest {
    private static final int PAGE = 4096;
    private static final long A = 0x10_0000;

    private final MemorySegment buffer = Arena.ofAuto().allocate(4 * PAGE, 8);

    @Test
    void aReadEndsWhereTheLastPageEnds() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        image.put(A + 100, new byte[] {1, 2, 3});
        image.put(A + PAGE, new byte[] {4});
        image.put(A + 3 * PAGE, new byte[] {5});
        SnapshotMemory memory = new SnapshotMemory(image.build());
        assertEquals(2 * PAGE - 100, memory.read(A + 100, buffer, 0, 3 * PAGE));
        assertEquals(3, buffer.get(ValueLayout.JAVA_BYTE, 2));
        assertEquals(4, buffer.get(ValueLayout.JAVA_BYTE, PAGE - 100));
        assertEquals(TargetMemory.FAULT, memory.read(A + 2 * PAGE, buffer, 0, 1));
        assertEquals(TargetMemory.FAULT, memory.read(A - 1, buffer, 0, 2));
        assertEquals(1, memory.read(A + 4 * PAGE - 1, buffer, 0, 8));
        assertEquals(0, memory.read(A, buffer, 0, 0));
        assertEquals(TargetMemory.FAULT, memory.read(-8, buffer, 0, 8));
        assertEquals(TargetMemory.FAULT, memory.read(Long.MAX_VALUE, buffer, 0, 8));
    }

    @Test
    void bytesOfAPageThatWereNotCapturedAreZero() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        image.put(A + 8, new byte[] {1});
        SnapshotMemory memory = new SnapshotMemory(image.build());
        buffer.fill((byte) 9);
        assertEquals(16, memory.read(A, buffer, 0, 16));
        assertEquals(1L, buffer.get(ValueLayout.JAVA_LONG, 8));
        assertEquals(0L, buffer.get(ValueLayout.JAVA_LONG, 0));
    }

    @Test
    void aListIsReadUpToTheRangeThatIsNotThere() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        image.put(A, new byte[] {7});
        SnapshotMemory memory = new SnapshotMemory(image.build());
        ReadList list = new ReadList(4, 64);
        list.add(A, 8);
        list.add(A + PAGE - 4, 8);
        list.add(A, 8);
        assertEquals(1, memory.readAll(list, 0));
        assertEquals(3, memory.again().readAll(list, 2));
        assertEquals(7, list.buffer().get(ValueLayout.JAVA_BYTE, list.offset(2)));
    }

    @Test
    void anEmptySnapshotHoldsNothing() {
        SnapshotMemory memory = new SnapshotMemory(new MemoryImage.Builder().build());
        assertEquals(TargetMemory.FAULT, memory.read(A, buffer, 0, 8));
    }

    @Test
    void aRecordingKeepsTheLastReadingOfEveryByteAndJoinsWhatTouches() {
        MemoryImage.Builder first = new MemoryImage.Builder();
        first.put(A, new byte[] {1, 1, 1, 1, 1, 1, 1, 1});
        MemoryImage.Builder second = new MemoryImage.Builder();
        second.put(A, new byte[] {2, 2, 2, 2, 2, 2, 2, 2});
        Changing target = new Changing(new SnapshotMemory(first.build()));
        RecordingMemory recording = new RecordingMemory(target);
        assertEquals(4, recording.read(A, buffer, 0, 4));
        target.now = new SnapshotMemory(second.build());
        ReadList list = new ReadList(4, 64);
        list.add(A + 2, 4);
        list.add(A + PAGE, 4);
        list.add(A, 8);
        assertEquals(1, recording.readAll(list, 0));
        MemoryImage image = recording.image();
        assertEquals(1, image.count());
        assertEquals(A, image.address(0));
        assertArrayEquals(new byte[] {1, 1, 2, 2, 2, 2}, image.bytes(0));
        assertFalse(recording.isFull());
    }

    @Test
    void anImageJoinsRangesAcrossPages() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        image.put(A + PAGE, new byte[PAGE]);
        image.put(A + 10, new byte[PAGE - 10]);
        image.put(A + 2 * PAGE + 1, new byte[1]);
        MemoryImage built = image.build();
        assertEquals(2, built.count());
        assertEquals(2 * PAGE - 10, built.lengthBytes(0));
        MemoryImage.Builder copy = new MemoryImage.Builder();
        copy.putAll(built);
        assertEquals(built, copy.build());
    }

    @Test
    void anImageTakesNoMoreThanItsBound() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        for (long page = 0; page <= MemoryImage.MAX_BYTES / PAGE; page++) {
            assertFalse(image.isFull());
            image.put(A + page * PAGE, new byte[1]);
        }
        assertTrue(image.isFull());
    }

    // internals

    private static final class Changing implements TargetMemory {
        TargetMemory now;

        Changing(TargetMemory first) {
            now = first;
        }

        @Override
        public int read(long address, MemorySegment into, long offset, int length) {
            return now.read(address, into, offset, length);
        }

        @Override
        public int readAll(ReadList list, int first) {
            return now.readAll(list, first);
        }

        @Override
        public String how() {
            return "changing";
        }

        @Override
        public void close() {}
    }
}
