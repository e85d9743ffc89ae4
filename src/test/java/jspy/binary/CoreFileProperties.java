package jspy.binary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What a core file tells, and that whatever it holds, reading it ends soon: in an answer or in a
 * {@link BinaryFormatException}.
 */
class CoreFileProperties {
    private static final byte[] CORE = CoreFiles.core();

    private static final long[] EXTREMES = {
        0, 1, 3, 4096, 0x7fff_ffffL, 0xffff_ffffL, Long.MAX_VALUE, Long.MIN_VALUE, -1
    };

    @Example
    void whatTheKernelWroteIsTold() throws Exception {
        CoreFile core = CoreFile.of(ElfFiles.segment(CORE));
        assertEquals(List.of(4711, 4712), core.threads());
        assertEquals(6, core.signal());
        assertEquals(4711, core.pid());
        assertEquals("python", core.name());
        assertEquals("python app.py", core.arguments());
        assertEquals(CoreFiles.PROGRAM + 0x10, core.entryAddress());
        assertEquals(
                List.of(
                        new CoreFile.MappedRange(
                                CoreFiles.PROGRAM,
                                CoreFiles.PROGRAM + 2 * CoreFiles.PAGE,
                                3 * CoreFiles.PAGE,
                                "/usr/bin/python")),
                core.files());
        assertEquals(2, core.segments().size());
        MemorySegment memory = core.contents(core.segments().getFirst());
        assertEquals(CoreFiles.PAGE, memory.byteSize());
        assertEquals(5, memory.get(ValueLayout.JAVA_BYTE, 5));
        assertEquals(0, core.contents(core.segments().getLast()).byteSize());
        assertFalse(core.isTruncated());
    }

    @Example
    void whatWasCutShortSaysSo() throws Exception {
        byte[] cut = Arrays.copyOf(CORE, CORE.length - 100);
        CoreFile core = CoreFile.of(ElfFiles.segment(cut));
        assertTrue(core.isTruncated());
        long left = core.contents(core.segments().getFirst()).byteSize();
        assertEquals(CoreFiles.PAGE - 100, left);
    }

    @Example
    void whatIsNoCoreIsRefused() {
        byte[] library = ElfFiles.library(List.of("a"));
        BinaryFormatException refused =
                assertThrows(
                        BinaryFormatException.class, () -> CoreFile.of(ElfFiles.segment(library)));
        assertTrue(refused.getMessage().contains("no core file"), refused.getMessage());
    }

    @Property(tries = 5000)
    void wrongBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        byte[] file = CORE.clone();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            file[random.nextInt(file.length - CoreFiles.PAGE)] = (byte) random.nextInt();
        }
        readEverything(file);
    }

    @Property(tries = 5000)
    void wrongWords(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int count) {
        byte[] file = CORE.clone();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            int at = random.nextInt((file.length - CoreFiles.PAGE) / 4) * 4;
            long value = EXTREMES[random.nextInt(EXTREMES.length)];
            if (random.nextBoolean()) {
                MemorySegment.ofArray(file).set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
            } else {
                MemorySegment.ofArray(file).set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            }
        }
        readEverything(file);
    }

    @Property(tries = 1000)
    void cutShort(@ForAll @IntRange(max = 6000) int sizeBytes) {
        readEverything(Arrays.copyOf(CORE, Math.min(sizeBytes, CORE.length)));
    }

    // internals

    private static void readEverything(byte[] file) {
        try {
            CoreFile core = CoreFile.of(ElfFiles.segment(file));
            assertFalse(core.threads().isEmpty());
            assertTrue(core.threads().size() <= file.length / 12);
            core.isTruncated();
            long bytes = 0;
            for (ElfSegment segment : core.segments()) {
                bytes += core.contents(segment).byteSize();
            }
            assertTrue(bytes <= (long) file.length * core.segments().size());
            for (CoreFile.MappedRange range : core.files()) {
                assertTrue(range.path().length() <= 4096);
            }
        } catch (BinaryFormatException e) {
            assertFalse(e.getMessage().isBlank());
        }
    }
}
