package jspy.layout;

import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Whatever a target says of itself: it is refused by the typed exception, or within bounds. */
class DebugOffsetsProperties {
    private static final List<byte[]> TABLES = tables();
    private static final long[] EXTREMES = {
        0, 1, -1, 7, 8, 4095, 0x7fff_ffffL, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 24
    };

    @Property(tries = 10_000)
    void wrongWords(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int count) {
        Random random = new Random(seed);
        byte[] table = TABLES.get(random.nextInt(TABLES.size())).clone();
        for (int i = 0; i < count; i++) {
            long value =
                    switch (random.nextInt(3)) {
                        case 0 -> EXTREMES[random.nextInt(EXTREMES.length)];
                        case 1 -> random.nextInt(1024);
                        default -> random.nextLong();
                    };
            int at = 8 * random.nextInt(table.length / 8);
            MemorySegment.ofArray(table).set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        }
        readAll(table);
    }

    @Property(tries = 5_000)
    void wrongBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int count) {
        Random random = new Random(seed);
        byte[] table = TABLES.get(random.nextInt(TABLES.size())).clone();
        for (int i = 0; i < count; i++) {
            table[8 + random.nextInt(table.length - 8)] ^= (byte) (1 << random.nextInt(8));
        }
        readAll(table);
    }

    @Property(tries = 1_000)
    void cutShort(@ForAll @IntRange(min = 0, max = 888) int bytes) {
        for (byte[] table : TABLES) {
            readAll(java.util.Arrays.copyOf(table, Math.min(bytes, table.length)));
        }
    }

    @Property(tries = 2_000)
    void nothingButTheCookieIsRight(@ForAll long seed) {
        byte[] table = new byte[DebugOffsets.MAX_BYTES];
        new Random(seed).nextBytes(table);
        System.arraycopy(TABLES.getFirst(), 0, table, 0, 24);
        readAll(table);
    }

    // internals

    private static void readAll(byte[] table) {
        DebugOffsets found;
        try {
            found = DebugOffsets.read(MemorySegment.ofArray(table));
        } catch (UnsupportedPythonException refused) {
            assertTrue(!refused.getMessage().isBlank());
            return;
        }
        Offsets offsets = LayoutCatalog.offsets(found);
        long interpreterBytes = found.get("interpreter_state.size");
        assertWithin(offsets.interpreter().threadsHead(), interpreterBytes);
        assertWithin(offsets.interpreter().gcCollecting(), interpreterBytes);
        assertWithin(offsets.thread().size() - 1, found.get("thread_state.size") + 64);
        assertWithin(offsets.frame().size(), found.get("interpreter_frame.size"));
        assertWithin(offsets.gil().switchNumber(), 2048);
        assertWithin(offsets.code().codeAdaptive(), found.get("code_object.size"));
    }

    private static void assertWithin(long offset, long size) {
        assertTrue(offset >= 0 && offset < size, () -> offset + " is not within " + size);
    }

    private static List<byte[]> tables() {
        try {
            return DebugOffsetsTest.tables().map(DebugOffsetsProperties::bytes).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
