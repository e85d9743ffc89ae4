package jspy.python;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * Memory of a target that means no good: words that point back into itself, lengths of every size,
 * texts and noise. All addresses are readable, or only those of one region.
 */
final class HostileMemory implements TargetMemory {
    static final long BASE = 0x7f00_0000_0000L;

    private final byte[] bytes = new byte[1 << 14];
    private final boolean everywhere;
    private long reads;

    HostileMemory(long seed, boolean everywhere) {
        this.everywhere = everywhere;
        SplittableRandom random = new SplittableRandom(seed);
        MemorySegment words = MemorySegment.ofArray(bytes);
        for (int at = 0; at < bytes.length; at += 8) {
            long word =
                    switch (random.nextInt(8)) {
                        case 0, 1, 2, 3 -> BASE + (random.nextInt(bytes.length) & ~7);
                        case 4 -> random.nextInt(64);
                        case 5 -> random.nextLong() >>> random.nextInt(64);
                        case 6 -> 0x0065_646f_63L; // "code"
                        default -> random.nextLong();
                    };
            words.set(ValueLayout.JAVA_LONG_UNALIGNED, at, word);
        }
    }

    long reads() {
        return reads;
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        reads++;
        long at = everywhere ? address & bytes.length - 1 : address - BASE;
        if (at < 0 || at >= bytes.length) {
            return FAULT;
        }
        int copied = 0;
        while (copied < length) {
            int piece = (int) Math.min(length - copied, bytes.length - at);
            MemorySegment.copy(MemorySegment.ofArray(bytes), at, into, offset + copied, piece);
            copied += piece;
            at = 0;
            if (!everywhere) {
                break;
            }
        }
        return copied;
    }

    @Override
    public int readAll(ReadList list, int first) {
        throw new UnsupportedOperationException("the cold side gathers nothing");
    }

    @Override
    public String how() {
        return "hostile";
    }

    @Override
    public void close() {}
}
