package jspy.binary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.List;

/** Kept rows say what the program that they were made of says. */
class LineRowsTest {
    /**
     * Opcodes: 1 copy, 2 advance address, 3 advance line, 4 set file, 0 1 1 end of the sequence.
     */
    private static final byte[] IN_ORDER = {
        3,
        9,
        1, // 0x1000: line 10
        2,
        4,
        4,
        2,
        3,
        1,
        1, // 0x1004: line 11 of file 2
        3,
        1,
        1, // and line 12 at the same place
        2,
        16,
        3,
        0x7f,
        1, // 0x1014: line 11
        2,
        8,
        0,
        1,
        1 // ends at 0x101c
    };

    @Test
    void theLastRowAtOrBeforeAnAddressCounts() throws Exception {
        LineRows rows = LineRows.runOrNull(program(IN_ORDER), 0, 0, 100);
        assertEquals(4, rows.count());
        assertEquals(10, rows.line(rows.find(0)));
        assertEquals(10, rows.line(rows.find(3)));
        assertEquals(12, rows.line(rows.find(4)));
        assertEquals(2, rows.file(rows.find(4)));
        assertEquals(12, rows.line(rows.find(0x13)));
        assertEquals(11, rows.line(rows.find(0x14)));
        assertEquals(-1, rows.find(-1));
    }

    @Test
    void tooManyAreNotKept() throws Exception {
        assertNull(LineRows.runOrNull(program(IN_ORDER), 0, 0, 3));
        assertEquals(4, LineRows.runOrNull(program(IN_ORDER), 0, 0, 4).count());
    }

    @Test
    void whatGoesBackwardsOrHasNoEndIsNotKept() throws Exception {
        byte[] backwards =
                new byte[] {2, 4, 1, 2, -2, -1, -1, -1, -1, -1, -1, -1, -1, 1, 1, 0, 1, 1};
        assertNull(LineRows.runOrNull(program(new byte[] {1, 1, 1}), 0, 0, 9));
        assertNull(LineRows.runOrNull(program(new byte[] {2, 4, 1, 0, 1, 1}), 0, 8, 9));
        assertNull(LineRows.runOrNull(program(backwards), 0, 0, 9));
    }

    // internals

    private static LineProgram program(byte[] bytes) {
        int[] operandCounts = {0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};
        LineUnit unit =
                new LineUnit(0, bytes.length, 1, 0, 1, 13, operandCounts, List.of(), List.of());
        return new LineProgram(unit, new DwarfCursor(new Bytes(MemorySegment.ofArray(bytes)), 0));
    }
}
