package jspy.snapshot;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;

import java.lang.foreign.MemorySegment;

/**
 * Another memory that remembers every byte that was read of it; of bytes read several times, the
 * last reading. One thread, as the memory it wraps.
 */
public final class RecordingMemory implements TargetMemory {
    private final TargetMemory memory;
    private final MemoryImage.Builder image = new MemoryImage.Builder();

    public RecordingMemory(TargetMemory memory) {
        this.memory = memory;
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        int copied = memory.read(address, into, offset, length);
        if (copied > 0) {
            image.put(address, into, offset, copied);
        }
        return copied;
    }

    @Override
    public int readAll(ReadList list, int first) {
        int read = memory.readAll(list, first);
        for (int i = first; i < read; i++) {
            image.put(list.address(i), list.buffer(), list.offset(i), list.lengthBytes(i));
        }
        return read;
    }

    @Override
    public String how() {
        return memory.how();
    }

    /** What was read so far. */
    public MemoryImage image() {
        return image.build();
    }

    /** Whether more was read than an image holds. */
    public boolean isFull() {
        return image.isFull();
    }

    @Override
    public void close() {
        memory.close();
    }
}
