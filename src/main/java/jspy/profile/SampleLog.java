package jspy.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The samples of one thread in the order of time: stack, time and weight in about seven bytes each.
 *
 * <p>A sample is a head, {@code zigzag(stack - last stack) * 4 + form of the weight}, then {@code
 * zigzag(time - last time)}, then the weight if its form says so; all are variable-length numbers,
 * seven bits a byte, low bits first. One drain thread appends; anyone may read once that thread is
 * done.
 */
public final class SampleLog {
    /** The weight is the time since the last sample: the thread is in every sample. */
    private static final int WEIGHT_IS_GAP = 0;

    /** The weight is that of the last sample. */
    private static final int WEIGHT_IS_LAST = 1;

    /** The weight follows. */
    private static final int WEIGHT_FOLLOWS = 2;

    private static final int FIRST_CHUNK_BYTES = 64;
    private static final int CHUNK_BYTES = 1 << 16;

    private final List<byte[]> fullChunks = new ArrayList<>();
    private byte[] chunk = new byte[FIRST_CHUNK_BYTES];
    private int chunkUsedBytes;
    private long size;

    private int lastNode;
    private long lastTimeNanos;
    private long lastWeightNanos;

    void append(int node, long timeNanos, long weightNanos) {
        long gapNanos = timeNanos - lastTimeNanos;
        int form =
                weightNanos == gapNanos
                        ? WEIGHT_IS_GAP
                        : weightNanos == lastWeightNanos ? WEIGHT_IS_LAST : WEIGHT_FOLLOWS;
        put(zigzag((long) node - lastNode) << 2 | form);
        put(zigzag(gapNanos));
        if (form == WEIGHT_FOLLOWS) {
            put(zigzag(weightNanos));
        }
        lastNode = node;
        lastTimeNanos = timeNanos;
        lastWeightNanos = weightNanos;
        size++;
    }

    public long size() {
        return size;
    }

    /** When the last sample was taken; 0 when there is none. */
    public long lastTimeNanos() {
        return lastTimeNanos;
    }

    /** What the samples take in memory, chunks that are not yet full by what is used of them. */
    public long sizeBytes() {
        return (long) fullChunks.size() * CHUNK_BYTES + chunkUsedBytes;
    }

    /** Before the first sample: call {@link Cursor#next} first. */
    public Cursor cursor() {
        return new Cursor();
    }

    /**
     * Walks the samples in the order of time; one thread. All is 0 before the first {@link #next}.
     */
    public final class Cursor {
        private int chunkIndex;
        private int offset;
        private long read;

        private int node;
        private long timeNanos;
        private long weightNanos;

        private Cursor() {}

        /** Moves to the next sample; false after the last one. */
        public boolean next() {
            if (read == size) {
                return false;
            }
            long head = take();
            long gapNanos = unzigzag(take());
            node += (int) unzigzag(head >>> 2);
            timeNanos += gapNanos;
            switch ((int) (head & 3)) {
                case WEIGHT_IS_GAP -> weightNanos = gapNanos;
                case WEIGHT_IS_LAST -> {}
                default -> weightNanos = unzigzag(take());
            }
            read++;
            return true;
        }

        public int node() {
            return node;
        }

        /** When the sample was taken, in ns since the profile's start. */
        public long timeNanos() {
            return timeNanos;
        }

        /** The time up to {@link #timeNanos} that the sample stands for. */
        public long weightNanos() {
            return weightNanos;
        }

        private long take() {
            long value = 0;
            for (int shift = 0; ; shift += 7) {
                byte[] bytes = chunkIndex < fullChunks.size() ? fullChunks.get(chunkIndex) : chunk;
                byte next = bytes[offset];
                if (++offset == CHUNK_BYTES) {
                    offset = 0;
                    chunkIndex++;
                }
                value |= (next & 0x7FL) << shift;
                if (next >= 0) {
                    return value;
                }
            }
        }
    }

    // internals

    private void put(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            putByte((byte) (rest | 0x80));
            rest >>>= 7;
        }
        putByte((byte) rest);
    }

    private void putByte(byte value) {
        if (chunkUsedBytes == chunk.length) {
            chunk = Arrays.copyOf(chunk, Math.min(chunk.length * 4, CHUNK_BYTES));
        }
        chunk[chunkUsedBytes++] = value;
        if (chunkUsedBytes == CHUNK_BYTES) {
            fullChunks.add(chunk);
            chunk = new byte[CHUNK_BYTES];
            chunkUsedBytes = 0;
        }
    }

    private static long zigzag(long value) {
        return value << 1 ^ value >> 63;
    }

    private static long unzigzag(long value) {
        return value >>> 1 ^ -(value & 1);
    }
}
