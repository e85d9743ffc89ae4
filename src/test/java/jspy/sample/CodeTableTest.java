package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.python.CodeIdentity;
import jspy.python.RawCode;
import jspy.testing.SyntheticPython;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

class CodeTableTest {
    private static final Offsets OFFSETS = LayoutCatalog.offsets(SyntheticPython.VERSION);

    private long nanos;
    private final CodeTable codes = new CodeTable(new CodeIdentity(OFFSETS), () -> nanos);

    @Test
    void anAddressIsUnknownUntilItsCodeWasCopied() {
        codes.beginSample();
        assertEquals(CodeTable.UNKNOWN, codes.find(0x1000));
        int number = codes.add(0x1000, code(0x1000, 1));
        assertEquals(number, codes.find(0x1000));
        assertEquals(CodeTable.UNKNOWN, codes.find(0x2000));
    }

    @Test
    void codesThatPassAreDroppedOnceTheDrainIsFarBeyondThem() {
        PassingNumbers<Integer> numbers = new PassingNumbers<>();
        for (int i = 0; i < 1_000_000; i++) {
            numbers.put(PassingNumbers.FIRST + i, i);
            assertEquals(i, numbers.get(PassingNumbers.FIRST + i));
            if (i >= 3_000) {
                numbers.dropBelow(PassingNumbers.FIRST + i - 3_000);
                assertEquals(i - 3_000, numbers.get(PassingNumbers.FIRST + i - 3_000));
            }
        }
        assertNull(numbers.get(PassingNumbers.FIRST));
        assertTrue(numbers.pages() < 60, () -> numbers.pages() + " pages are kept");
    }

    @Test
    void codeThatPassesKeepsItsNumberForAWhileAndThenHasAnother() {
        codes.beginSample();
        int first = codes.add(0x1000, code(0x1000, 1));
        int second = first;
        int others = 0;
        while (second == first) {
            codes.beginSample();
            int other = codes.add(0x2000, code(0x2000, 2 + others++));
            assertSame(codes.code(other), codes.code(other));
            codes.beginSample();
            second = codes.add(0x1000, code(0x1000, 1));
            assertTrue(others < 100_000, "it is remembered without end");
        }
        assertTrue(others > 100, "it was forgotten after " + others);
        assertEquals(0x1000, codes.code(second).address());
    }

    @Test
    void whatIsNoCodeIsUnreadable() {
        codes.beginSample();
        assertEquals(CodeTable.UNREADABLE, codes.find(0));
        assertEquals(CodeTable.UNREADABLE, codes.add(0x1000, null));
        assertEquals(CodeTable.UNREADABLE, codes.find(0x1000));
    }

    @Test
    void equalCodeAtAnotherPlaceHasTheSameNumberWhileItIsVolatile() {
        codes.beginSample();
        int one = codes.add(0x1000, code(0x1000, 5));
        int other = codes.add(0x2000, code(0x2000, 5));
        assertEquals(one, other);
        assertNotEquals(one, codes.add(0x3000, code(0x3000, 6)));
    }

    @Test
    void codeThatStaysIsTakenByItsAddressAndCodeThatWasReplacedIsCopiedAgain() {
        long address = 0x1000;
        makeStable(address, 1);
        codes.beginSample();
        int number = codes.find(address);
        assertNotEquals(CodeTable.UNKNOWN, number);
        assertEquals(address, codes.code(number).address());
        codes.replaced(address);
        codes.beginSample();
        assertEquals(CodeTable.UNKNOWN, codes.find(address));
        RawCode next = code(address, 2);
        assertSame(next, codes.code(codes.add(address, next)));
        for (int i = 0; i < 10; i++) {
            codes.beginSample();
            assertEquals(CodeTable.UNKNOWN, codes.find(address));
            codes.add(address, code(address, 2));
        }
    }

    @Test
    void manyAddressesAreKeptApartWhenTheTableGrows() {
        int count = 3_000;
        for (int round = 0; round < 4; round++) {
            codes.beginSample();
            for (int i = 0; i < count; i++) {
                if (codes.find(address(i)) == CodeTable.UNKNOWN) {
                    codes.add(address(i), code(address(i), i));
                }
            }
            nanos += 20_000_000;
        }
        codes.beginSample();
        for (int i = 0; i < count; i++) {
            int number = codes.find(address(i));
            assertNotEquals(CodeTable.UNKNOWN, number);
            assertEquals(address(i), codes.code(number).address());
        }
        assertEquals(CodeTable.UNKNOWN, codes.find(address(count)));
    }

    // internals

    private void makeStable(long address, int line) {
        for (int i = 0; i < 5; i++) {
            codes.beginSample();
            if (codes.find(address) == CodeTable.UNKNOWN) {
                codes.add(address, code(address, line));
            }
            nanos += 20_000_000;
        }
    }

    /** Near one another, as an allocator lays them. */
    private static long address(int number) {
        return 0x7F12_3456_0000L + number * 0x90L;
    }

    private static RawCode code(long address, int line) {
        byte[] struct = new byte[(int) OFFSETS.code().codeAdaptive()];
        MemorySegment.ofArray(struct)
                .set(ValueLayout.JAVA_INT_UNALIGNED, OFFSETS.code().firstLine(), line);
        byte[] name = new byte[64];
        return new RawCode(address, struct, name, name, name, name);
    }
}
