package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.layout.PythonVersion;
import jspy.memory.ReadList;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class GilWordsTest {
    private static final long GIL = 0x5000;

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14})
    void holderAndSwitchesAreReadInOneRangeAndCompared(int minor) {
        Offsets.Gil offsets = LayoutCatalog.offsets(PythonVersion.of(3, minor, 0)).gil();
        GilWords words = new GilStruct(GIL, offsets);
        ReadList list = new ReadList(4, 1024);
        list.add(0x1000, 24);
        long first = words.addTo(list);
        long second = words.addTo(list);
        long from = list.address(1) - GIL;
        assertTrue(list.lengthBytes(1) <= 256, "one small range");
        MemorySegment buffer = list.buffer();
        for (long at : new long[] {first - from, second - from}) {
            write(buffer, at, offsets, 0x7F00_1000L, 1, 41);
        }

        words.take(buffer, first);
        assertEquals(0x7F00_1000L, words.lastHolder());
        assertTrue(words.isHeld());
        assertEquals(41, words.switches());
        assertTrue(words.same(buffer, second));

        write(buffer, second - from, offsets, 0x7F00_1000L, 1, 42);
        assertFalse(words.same(buffer, second));
        write(buffer, second - from, offsets, 0x7F00_2000L, 1, 41);
        assertFalse(words.same(buffer, second));
        write(buffer, second - from, offsets, 0x7F00_1000L, 0, 41);
        assertFalse(words.same(buffer, second));
        words.take(buffer, second);
        assertFalse(words.isHeld());
        assertEquals(0x7F00_1000L, words.lastHolder());
    }

    // internals

    private static void write(
            MemorySegment buffer,
            long gilAt,
            Offsets.Gil offsets,
            long holder,
            int locked,
            long switches) {
        buffer.set(ValueLayout.JAVA_LONG_UNALIGNED, gilAt + offsets.lastHolder(), holder);
        buffer.set(ValueLayout.JAVA_LONG_UNALIGNED, gilAt + offsets.switchNumber(), switches);
        buffer.set(ValueLayout.JAVA_INT_UNALIGNED, gilAt + offsets.locked(), locked);
    }
}
