package jspy.testing;

import jspy.snapshot.MemoryImage;
import jspy.snapshot.Snapshot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages snapshots at random, as a target that lies or a file that rotted would: pointers that
 * lead elsewhere or in a circle, lengths that cannot be, bytes that flip, memory that is missing.
 * The same seed does the same damage.
 */
public final class Corruption {
    private static final int WORD_BYTES = 8;
    private static final int MAX_WOUNDS = 24;

    private static final long[] ODD_VALUES = {
        0,
        1,
        7,
        8,
        -1,
        -8,
        4096,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 32,
        1L << 47,
        (1L << 47) - 8,
        Long.MAX_VALUE,
        Long.MAX_VALUE - 7,
        Long.MIN_VALUE
    };

    private final Random random;
    private final long[] addresses;
    private final byte[][] ranges;
    private final boolean[] dropped;

    private Corruption(MemoryImage memory, Random random) {
        this.random = random;
        addresses = new long[memory.count()];
        ranges = new byte[memory.count()][];
        dropped = new boolean[memory.count()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = memory.address(i);
            ranges[i] = memory.bytes(i);
        }
    }

    /** The snapshot, damaged. */
    public static Snapshot of(Snapshot whole, long seed) {
        Random random = new Random(seed);
        Corruption corruption = new Corruption(whole.memory(), random);
        int wounds = 1 + random.nextInt(MAX_WOUNDS);
        for (int i = 0; i < wounds; i++) {
            corruption.wound();
        }
        return new Snapshot(
                whole.jspyVersion(),
                whole.platform(),
                whole.pid(),
                whole.commandLine(),
                whole.executable(),
                random.nextInt(10) == 0
                        ? corruption.damaged(whole.interpreter())
                        : whole.interpreter(),
                random.nextInt(4) != 0,
                whole.threads(),
                whole.fileNames(),
                corruption.image());
    }

    // internals

    private void wound() {
        int range = random.nextInt(ranges.length);
        byte[] bytes = ranges[range];
        switch (random.nextInt(10)) {
            case 0 -> dropped[range] = random.nextBoolean();
            case 1 -> flip(bytes);
            case 2 -> fill(bytes);
            case 3 -> ranges[range] = Arrays.copyOf(bytes, random.nextInt(bytes.length) + 1);
            default -> {
                int at = word(bytes);
                if (at >= 0) {
                    set(bytes, at, value(addresses[range] + at, get(bytes, at)));
                }
            }
        }
    }

    private void flip(byte[] bytes) {
        for (int i = random.nextInt(16); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
    }

    private void fill(byte[] bytes) {
        int from = random.nextInt(bytes.length);
        int to = Math.min(bytes.length, from + random.nextInt(256));
        byte with = (byte) random.nextInt(256);
        for (int i = from; i < to; i++) {
            bytes[i] = random.nextInt(8) == 0 ? (byte) random.nextInt(256) : with;
        }
    }

    /** A word to write to: mostly one that points into the memory that was captured. */
    private int word(byte[] bytes) {
        int words = bytes.length / WORD_BYTES;
        if (words == 0) {
            return -1;
        }
        int at = random.nextInt(words) * WORD_BYTES;
        for (int i = 0; i < words && random.nextInt(50) != 0; i++) {
            if (isPointer(get(bytes, at))) {
                return at;
            }
            at = (at + WORD_BYTES) % (words * WORD_BYTES);
        }
        return at;
    }

    private long value(long address, long was) {
        return switch (random.nextInt(7)) {
            case 0 -> ODD_VALUES[random.nextInt(ODD_VALUES.length)];
            case 1 -> address; // points to itself
            case 2 -> address - 8L * random.nextInt(64); // into a circle
            case 3 -> was + 8L * (random.nextInt(33) - 16);
            case 4 -> was ^ 1L << random.nextInt(64);
            case 5 -> random.nextLong();
            default -> somewhere();
        };
    }

    private long somewhere() {
        int range = random.nextInt(ranges.length);
        byte[] bytes = ranges[range];
        int at = word(bytes);
        // what another pointer points to is likely to be of a kind that is looked for
        return at >= 0 && random.nextBoolean()
                ? get(bytes, at)
                : addresses[range] + Math.max(0, at);
    }

    private boolean isPointer(long value) {
        int at = Arrays.binarySearch(addresses, value);
        int range = at >= 0 ? at : -at - 2;
        return range >= 0 && value < addresses[range] + ranges[range].length;
    }

    private Snapshot.Interpreter damaged(Snapshot.Interpreter whole) {
        byte[] offsets = whole.debugOffsets().clone();
        if (offsets.length > 0) {
            for (int i = random.nextInt(3); i >= 0; i--) {
                int at = 24 + random.nextInt(90) * WORD_BYTES;
                if (at + WORD_BYTES <= offsets.length) {
                    set(
                            offsets,
                            at,
                            random.nextBoolean()
                                    ? random.nextInt(1 << 24) & ~7
                                    : random.nextInt(4096) & ~7);
                }
            }
        }
        boolean lost = random.nextInt(3) == 0;
        return new Snapshot.Interpreter(
                random.nextInt(4) == 0 ? random.nextInt() : whole.versionHex(),
                whole.freeThreaded() ^ random.nextInt(8) == 0,
                whole.debug() ^ random.nextInt(8) == 0,
                offsets,
                whole.runtimeAddress(),
                lost ? somewhere() : whole.interpretersHeadAddress(),
                whole.file(),
                whole.foundBy());
    }

    private MemoryImage image() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < ranges.length; i++) {
            if (!dropped[i]) {
                kept.add(i);
            }
        }
        kept.forEach(i -> image.put(addresses[i], ranges[i]));
        return image.build();
    }

    private static long get(byte[] bytes, int at) {
        return MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    private static void set(byte[] bytes, int at, long value) {
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }
}
