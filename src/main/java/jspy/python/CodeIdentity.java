package jspy.python;

import jspy.layout.Offsets;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * When two code objects are the same one. At one address: when the words that are set once and
 * differ between functions (name, file name, line table, first line, version) are still what they
 * were. At different times or places: when names and lines say the same.
 *
 * <p>The version (3.12+) makes that certain. Without it, code that was freed and made again, at the
 * same address and from the same text, looks as if it had been there all the time.
 */
public final class CodeIdentity {
    /** File names of what is compiled while a program runs begin with this, {@code <string>}. */
    private static final byte NO_FILE = '<';

    /** Those of the modules that are part of the interpreter begin so, too: {@code <frozen os>}. */
    private static final byte FROZEN = 'f';

    private final long[] pointers;
    private final long firstLine;
    private final long version;
    private final long textFrom;
    private final long from;
    private final long to;
    private final long typeFrom;

    public CodeIdentity(Offsets offsets) {
        Offsets.Code code = offsets.code();
        pointers = new long[] {code.name(), code.filename(), code.lineTable()};
        firstLine = code.firstLine();
        version = code.version();
        Offsets.Objects objects = offsets.objects();
        textFrom = objects.asciiData() >= 0 ? objects.asciiData() : objects.bytesData();
        from = Math.min(firstLine, Arrays.stream(pointers).min().getAsLong());
        to =
                Math.max(
                        Math.max(firstLine, version) + 4,
                        Arrays.stream(pointers).max().getAsLong() + 8);
        typeFrom = offsets.objects().type();
    }

    /** Where the words to compare begin, from the start of the code object. */
    public long guardOffset() {
        return from;
    }

    public long guardBytes() {
        return to - from;
    }

    /**
     * Whether the words at {@code offset} of a copy are still those of the code object.
     *
     * @param before the bytes of {@link RawCode#code}; allocates nothing
     */
    public boolean isStill(MemorySegment before, MemorySegment copy, long offset) {
        for (long pointer : pointers) {
            if (before.get(ValueLayout.JAVA_LONG_UNALIGNED, pointer)
                    != copy.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + pointer - from)) {
                return false;
            }
        }
        return line(before, firstLine) == line(copy, offset + firstLine - from)
                && (version < 0 || line(before, version) == line(copy, offset + version - from));
    }

    /**
     * Whether {@link #isStill} can be relied on for this code: always where there are versions,
     * else where it comes from a file, for that is compiled once. What {@code eval} and {@code
     * exec} are given in a loop is made again and again.
     */
    public boolean mayLast(RawCode code) {
        byte[] file = code.filename();
        int text = (int) textFrom;
        return version >= 0
                || file == null
                || file.length < text + 2
                || file[text] != NO_FILE
                || file[text + 1] == FROZEN;
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
