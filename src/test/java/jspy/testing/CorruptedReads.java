package jspy.testing;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/**
 * A memory whose reads come back damaged at random: words that point elsewhere, into a circle or
 * nowhere, counts that cannot be, bits that flip, pages that are gone, a process that ends. The
 * memory behind it stays as it is, so that each read lies anew, as a target would that changes
 * while it is read. One thread; the same seed does the same damage.
 */
public final class CorruptedReads implements TargetMemory {
    private static final long[] ODD_VALUES = {
        0, 1, 7, -1, -8, 4096, Integer.MAX_VALUE, 1L << 32, 1L << 47, Long.MAX_VALUE, Long.MIN_VALUE
    };

    private static final int WORD_BYTES = 8;

    /** Words of the memory that later damage is done with: what is looked for somewhere. */
    private static final int REMEMBERED = 4096;

    private final TargetMemory whole;
    private final SplittableRandom random;
    private final long[] seen = new long[REMEMBERED];
    private int seenCount;
    private final int oneIn;
    private long reads;

    public CorruptedReads(TargetMemory whole, long seed) {
        this.whole = whole;
        random = new SplittableRandom(seed);
        oneIn = 1 << 2 * random.nextInt(1, 4); // few wounds lead further in than many
    }

    /** Reads so far that came back damaged: ranges, not calls. */
    public long reads() {
        return reads;
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        int got = whole.read(address, into, offset, length);
        if (got <= 0) {
            return got;
        }
        if (random.nextInt(oneIn) != 0) {
            return got;
        }
        damage(address, into, offset, got);
        return switch (random.nextInt(64)) {
            case 0 -> FAULT;
            case 1 -> random.nextInt(16) == 0 ? GONE : got;
            case 2 -> random.nextInt(got + 1);
            default -> got;
        };
    }

    @Override
    public int readAll(ReadList list, int first) {
        int done = whole.readAll(list, first);
        for (int range = first; range < done; range++) {
            if (list.lengthBytes(range) > 0 && random.nextInt(oneIn) == 0) {
                damage(
                        list.address(range),
                        list.buffer(),
                        list.offset(range),
                        (int) list.lengthBytes(range));
            }
        }
        return random.nextInt(256) != 0 || done <= first
                ? done
                : first + random.nextInt(done - first);
    }

    @Override
    public String how() {
        return "damaged";
    }

    @Override
    public void close() {}

    // internals

    private void damage(long address, MemorySegment bytes, long offset, int length) {
        reads++;
        int words = length / WORD_BYTES;
        int wounds = 1 + random.nextInt(3);
        for (int i = 0; i < wounds && words > 0; i++) {
            long at = (long) random.nextInt(words) * WORD_BYTES;
            long was = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + at);
            seen[seenCount++ % REMEMBERED] = random.nextInt(4) == 0 ? address + at : was;
            bytes.set(ValueLayout.JAVA_LONG_UNALIGNED, offset + at, lie(address + at, was));
        }
        if (words == 0) {
            long at = offset + random.nextInt(length);
            bytes.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(256));
        }
    }

    private long lie(long address, long was) {
        return switch (random.nextInt(8)) {
            case 0 -> ODD_VALUES[random.nextInt(ODD_VALUES.length)];
            case 1 -> address; // points to itself
            case 2 -> address - 8L * random.nextInt(64); // into a circle
            case 3 -> was + 8L * (random.nextInt(33) - 16);
            case 4 -> was ^ 1L << random.nextInt(64);
            case 5 -> random.nextLong();
            default -> seen[random.nextInt(Math.min(seenCount, REMEMBERED))];
        };
    }
}
