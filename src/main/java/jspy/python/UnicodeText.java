package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.TargetMemory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The text of str objects of the target: PEP 393 from 3.3 on, byte and unicode strings of 2.7. What
 * is no string is empty; what was cut ends in {@link #CUT}. Include/cpython/unicodeobject.h,
 * Objects/unicodeobject.c.
 */
public final class UnicodeText {
    /** The end of a text that is longer than what was read. */
    public static final String CUT = "\u2026";

    /** {@code state.kind} is three bits wide in every version. */
    private static final int KIND_MASK = 7;

    /** No text is read further; a bound for {@code maxChars}. */
    private static final int MAX_CHARS = Peek.MAX_BYTES / Integer.BYTES;

    private static final int POINTER_BYTES = 8;

    /** {@code Py_TPFLAGS_UNICODE_SUBCLASS}, Include/object.h */
    private static final long TYPE_IS_UNICODE = 1L << 28;

    private static final int LAST_CODE_POINT = 0x10FFFF;

    private final Offsets.Objects objects;
    private final boolean python3;
    private final int headerBytes;

    public UnicodeText(Offsets offsets) {
        objects = offsets.objects();
        python3 = objects.unicodeState() != Offsets.ABSENT;
        headerBytes = (int) (python3 ? objects.legacyData() + POINTER_BYTES : objects.bytesData());
    }

    /**
     * The text of a copied str (2.7: byte string) object, header and data; empty when it is none.
     */
    public Optional<String> decode(byte[] object) {
        if (object == null) {
            return Optional.empty();
        }
        MemorySegment bytes = MemorySegment.ofArray(object);
        Shape shape = shape(bytes);
        if (shape == null || shape.dataAt < 0) {
            return Optional.empty();
        }
        int from = (int) Math.min(shape.dataAt, object.length);
        return Optional.of(text(object, from, shape, Integer.MAX_VALUE));
    }

    /** Whether a copied object is a string whose text is all there. */
    public boolean isWhole(byte[] object) {
        Shape shape = object == null ? null : shape(MemorySegment.ofArray(object));
        return shape != null
                && shape.dataAt >= 0
                && object.length >= shape.dataAt + shape.length * shape.unitBytes;
    }

    /**
     * Reads a str (or 2.7 string) object of the target; empty when it cannot be read or is none.
     */
    public Optional<String> read(TargetMemory memory, long address, int maxChars) {
        return read(new Peek(memory), address, Math.clamp(maxChars, 0, MAX_CHARS));
    }

    Optional<String> read(Peek peek, long address, int maxChars) {
        MemorySegment header = MemorySegment.ofArray(peek.bytes(address, headerBytes));
        if (!python3 && isUnicode2(peek, header)) {
            return readUnicode2(peek, address, maxChars);
        }
        Shape shape = shape(header);
        if (shape == null) {
            return Optional.empty();
        }
        long data =
                shape.dataAt < 0
                        ? peek.pointer(address + objects.legacyData())
                        : address + shape.dataAt;
        int wanted = (int) Math.min(shape.length, maxChars) * shape.unitBytes;
        byte[] units = peek.bytes(data, wanted);
        return units.length == 0 && wanted > 0
                ? Optional.empty()
                : Optional.of(text(units, 0, shape, maxChars));
    }

    /** Whether the str object at that address is this text, which is ASCII; one read. */
    boolean isAscii(Peek peek, long address, byte[] ascii) {
        long dataAt = python3 ? objects.asciiData() : objects.bytesData();
        byte[] object = peek.bytes(address, (int) dataAt + ascii.length);
        Shape shape = shape(MemorySegment.ofArray(object));
        return shape != null
                && shape.length == ascii.length
                && shape.dataAt == dataAt
                && object.length == dataAt + ascii.length
                && Arrays.equals(object, (int) dataAt, object.length, ascii, 0, ascii.length);
    }

    // internals

    /**
     * What the header says.
     *
     * @param dataAt where the characters begin in the object, or negative: behind a pointer
     */
    private record Shape(long length, int unitBytes, long dataAt) {}

    private Shape shape(MemorySegment object) {
        long lengthAt = python3 ? objects.unicodeLength() : objects.varSize();
        if (object.byteSize() < lengthAt + Long.BYTES) {
            return null;
        }
        long length = object.get(ValueLayout.JAVA_LONG_UNALIGNED, lengthAt);
        if (length < 0 || length > Integer.MAX_VALUE) {
            return null;
        }
        if (!python3) {
            return new Shape(length, 1, objects.bytesData());
        }
        if (object.byteSize() < objects.unicodeState() + Integer.BYTES) {
            return null;
        }
        int state = object.get(ValueLayout.JAVA_INT_UNALIGNED, objects.unicodeState());
        int kind = state >>> objects.unicodeKindShift() & KIND_MASK;
        if (kind != 1 && kind != 2 && kind != 4) {
            return null;
        }
        boolean compact = (state >>> objects.unicodeCompactShift() & 1) != 0;
        boolean ascii = (state >>> objects.unicodeAsciiShift() & 1) != 0;
        long dataAt =
                !compact ? Offsets.ABSENT : ascii ? objects.asciiData() : objects.compactData();
        return new Shape(length, kind, dataAt);
    }

    private static String text(byte[] bytes, int from, Shape shape, int maxChars) {
        long there = (bytes.length - from) / shape.unitBytes;
        int count = (int) Math.min(Math.min(there, shape.length), maxChars);
        String text = new String(bytes, from, count * shape.unitBytes, charset(shape.unitBytes));
        return count < shape.length ? text + CUT : text;
    }

    private static Charset charset(int unitBytes) {
        return switch (unitBytes) {
            case 1 -> StandardCharsets.ISO_8859_1;
            case 2 -> StandardCharsets.UTF_16LE;
            default -> Charset.forName("UTF-32LE");
        };
    }

    private boolean isUnicode2(Peek peek, MemorySegment header) {
        if (header.byteSize() < objects.type() + Long.BYTES) {
            return false;
        }
        long type = header.get(ValueLayout.JAVA_LONG_UNALIGNED, objects.type());
        return (peek.pointer(type + objects.typeFlags()) & TYPE_IS_UNICODE) != 0;
    }

    /**
     * {@code PyUnicodeObject} of 2.7: {@code length} and {@code str}. Whether a unit has two or
     * four bytes is the build's choice and not in the object: four, unless that gives what is no
     * code point.
     */
    private Optional<String> readUnicode2(Peek peek, long address, int maxChars) {
        long length = peek.pointer(address + objects.varSize());
        long data = peek.pointer(address + objects.varSize() + POINTER_BYTES);
        if (data == 0 || length < 0) {
            return Optional.empty();
        }
        int count = (int) Math.min(length, maxChars);
        byte[] units = peek.bytes(data, count * Integer.BYTES);
        MemorySegment words = MemorySegment.ofArray(units);
        boolean wide = units.length == count * Integer.BYTES;
        for (int i = 0; wide && i < count; i++) {
            int unit = words.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i);
            wide = unit >= 0 && unit <= LAST_CODE_POINT;
        }
        return Optional.of(
                text(units, 0, new Shape(length, wide ? Integer.BYTES : 2, 0), maxChars));
    }
}
