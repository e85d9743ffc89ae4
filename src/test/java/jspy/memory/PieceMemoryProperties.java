package jspy.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/** The pieces of a core file: what was put first counts, and nothing is there that was not put. */
class PieceMemoryProperties {
    private static final int SPACE = 64;

    /** The last addresses that there are, and some in the middle. */
    private static final long[] BASES = {0x1000, Long.MAX_VALUE - SPACE / 2, -SPACE - 1};

    /** What the pieces are is compared with an array in which they were put the other way round. */
    @Property
    void everyByteIsOfTheFirstPieceThatHasIt(
            @ForAll @IntRange(max = 2) int base,
            @ForAll @Size(max = 12) List<@IntRange(max = SPACE - 1) Integer> starts,
            @ForAll @IntRange(min = 1, max = 24) int length) {
        PieceMemory memory = new PieceMemory("test");
        byte[] expected = new byte[SPACE + 24];
        for (int i = 0; i < starts.size(); i++) {
            byte[] piece = new byte[Math.min(length + i, SPACE - starts.get(i))];
            Arrays.fill(piece, (byte) (i + 1));
            memory.put(BASES[base] + starts.get(i), MemorySegment.ofArray(piece));
        }
        for (int i = starts.size() - 1; i >= 0; i--) {
            int end = Math.min(starts.get(i) + length + i, SPACE);
            Arrays.fill(expected, starts.get(i), end, (byte) (i + 1));
        }
        byte[] got = new byte[SPACE + 8];
        for (int from = 0; from < SPACE; from++) {
            int there = 0;
            while (from + there < SPACE && expected[from + there] != 0) {
                there++;
            }
            int wanted = SPACE - from;
            int read =
                    memory.again().read(BASES[base] + from, MemorySegment.ofArray(got), 4, wanted);
            assertEquals(there == 0 ? TargetMemory.FAULT : there, read);
            for (int i = 0; i < there; i++) {
                assertEquals(expected[from + i], got[4 + i]);
            }
        }
    }

    @Example
    void aListEndsAtTheFirstRangeThatIsNotAllThere() {
        PieceMemory memory = new PieceMemory("test");
        memory.put(0x100, MemorySegment.ofArray(new byte[16]));
        ReadList list = new ReadList(4, 64);
        list.add(0x100, 8);
        list.add(0x108, 8);
        list.add(0x10c, 8);
        list.add(0x100, 8);
        assertEquals(2, memory.readAll(list, 0));
        assertEquals(4, memory.readAll(list, 3));
    }

    @Example
    void nothingIsPutAtTheEndOfAllAddresses() {
        PieceMemory memory = new PieceMemory("test");
        memory.put(-8, MemorySegment.ofArray(new byte[32]));
        assertEquals(TargetMemory.FAULT, memory.read(0, MemorySegment.ofArray(new byte[8]), 0, 8));
        assertEquals(0, memory.read(-8, MemorySegment.ofArray(new byte[8]), 0, 0));
    }
}
