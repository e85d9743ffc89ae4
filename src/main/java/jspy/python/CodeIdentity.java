package jspy.python;

import jspy.layout.Offsets;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * When two code objects are the same one. At one address: when the words that are set once and
 * differ between functions (name, file name, line table, first line) are still what they were. At
 * different times or places: when names and lines say the same.
 */
public final class CodeIdentity {
    private final long[] pointers;
    private final long firstLine;
    private final long from;
    private final long to;
    private final long typeFrom;

    public CodeIdentity(Offsets offsets) {
        Offsets.Code code = offsets.code();
        pointers = new long[] {code.name(), code.filename(), code.lineTable()};
        firstLine = code.firstLine();
        from = Math.min(firstLine, Arrays.stream(pointers).min().getAsLong());
        to = Math.max(firstLine + 4, Arrays.stream(pointers).max().getAsLong() + 8);
        typeFrom = offsets.objects().type();
    }

    /** Where the words to compare begin, from the start of the code object. */
    public long guardOffset() {
        return from;
    }

    public long guardBytes() {
        return to - from;
    }

    /** Whether the words at {@code offset} of a copy are still those of the code object. */
    public boolean isStill(RawCode code, MemorySegment copy, long offset) {
        MemorySegment before = MemorySegment.ofArray(code.code());
        for (long pointer : pointers) {
            if (before.get(ValueLayout.JAVA_LONG_UNALIGNED, pointer)
                    != copy.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + pointer - from)) {
                return false;
            }
        }
        return line(before, firstLine) == line(copy, offset + firstLine - from);
    }

    /**
     * Whether two copies show the same function, wherever they lie; null is the same as nothing.
     */
    public boolean isSame(RawCode one, RawCode other) {
        return one != null
                && other != null
                && line(MemorySegment.ofArray(one.code()), firstLine)
                        == line(MemorySegment.ofArray(other.code()), firstLine)
                && sameData(one.name(), other.name())
                && sameData(one.qualname(), other.qualname())
                && sameData(one.filename(), other.filename())
                && sameData(one.lineTable(), other.lineTable());
    }

    /** Equal for copies that {@link #isSame} calls the same. */
    public long hash(RawCode code) {
        long hash = line(MemorySegment.ofArray(code.code()), firstLine);
        hash = hash * 31 + hashOf(code.name());
        hash = hash * 31 + hashOf(code.qualname());
        hash = hash * 31 + hashOf(code.filename());
        return hash * 31 + hashOf(code.lineTable());
    }

    // internals

    private long hashOf(byte[] object) {
        long hash = 7;
        for (int i = (int) typeFrom + 8; object != null && i < object.length; i++) {
            hash = hash * 31 + object[i];
        }
        return hash;
    }

    private static int line(MemorySegment struct, long offset) {
        return struct.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    /** Equal behind the object's header, in which the reference count changes. */
    private boolean sameData(byte[] one, byte[] other) {
        int header = (int) typeFrom + 8;
        if (one == null || other == null || one.length < header || other.length < header) {
            return one == other;
        }
        return Arrays.equals(one, header, one.length, other, header, other.length);
    }
}
