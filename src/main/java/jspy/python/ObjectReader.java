package jspy.python;

import jspy.layout.Offsets;
import jspy.layout.PythonVersion;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Objects of the target: their types, the value of small ints, the attributes of instances. What
 * cannot be read is absent. One thread uses it.
 */
final class ObjectReader {
    /** {@code Py_TPFLAGS_INLINE_VALUES}, 3.13 on. Include/object.h */
    private static final long INLINE_VALUES = 1 << 2;

    /** {@code Py_TPFLAGS_MANAGED_DICT}, 3.11 on. Include/object.h */
    private static final long MANAGED_DICT = 1 << 4;

    /**
     * {@code Py_TPFLAGS_INT_SUBCLASS}, 2.7: an int of one word behind the header. Include/object.h
     */
    private static final long TYPE_IS_INT = 1L << 23;

    /** {@code PyDictValues.valid}, 3.13 on. Include/internal/pycore_dict.h */
    private static final int VALUES_VALID = 3;

    private static final int WORD_BYTES = 8;

    private static final int MAX_TYPE_NAME_BYTES = 256;

    /** Where the attributes of an instance are kept when its type manages them. */
    private enum ManagedDict {
        /** To 3.10: {@code tp_dictoffset} alone. */
        NONE,
        /** 3.11: values pointer four words before the object, dict pointer three. */
        TWO_POINTERS,
        /** 3.12: one word three before the object; odd: values, plus one. */
        TAGGED,
        /** 3.13 on: dict pointer before the object, values behind its struct. */
        INLINE
    }

    private final Peek peek;
    private final Offsets.Objects objects;
    private final DictReader dicts;
    private final IntReader ints;
    private final UnicodeText text;
    private final ManagedDict managed;
    private final long managedDictAt;
    private final boolean python2;

    ObjectReader(Peek peek, Offsets offsets, PythonVersion version) {
        this.peek = peek;
        objects = offsets.objects();
        python2 = version.major() == 2;
        dicts = new DictReader(peek, offsets);
        ints = new IntReader(peek, objects);
        text = new UnicodeText(offsets);
        managed =
                version.atLeast(3, 13)
                        ? ManagedDict.INLINE
                        : version.atLeast(3, 12)
                                ? ManagedDict.TAGGED
                                : version.atLeast(3, 11)
                                        ? ManagedDict.TWO_POINTERS
                                        : ManagedDict.NONE;
        // MANAGED_DICT_OFFSET, Include/internal/pycore_object.h
        managedDictAt = version.freeThreaded() ? -WORD_BYTES : -3 * WORD_BYTES;
    }

    DictReader dicts() {
        return dicts;
    }

    Optional<String> text(long address, int maxChars) {
        return text.read(peek, address, maxChars);
    }

    long typeOf(long object) {
        return peek.pointer(object + objects.type());
    }

    /** {@code tp_name}. */
    String typeName(long type) {
        byte[] bytes = peek.bytes(peek.pointer(type + objects.typeName()), MAX_TYPE_NAME_BYTES);
        return PythonText.zeroTerminated(bytes);
    }

    /** The value of an int that fits 64 bits, unsigned when it is positive. */
    OptionalLong intValue(long object) {
        if (python2 && (peek.pointer(typeOf(object) + objects.typeFlags()) & TYPE_IS_INT) != 0) {
            return OptionalLong.of(peek.pointer(object + objects.headerSize()));
        }
        return ints.small(object);
    }

    IntReader ints() {
        return ints;
    }

    /** Addresses of the items of a tuple, as many as can be read. */
    List<Long> tuple(long tuple, int max) {
        List<Long> items = new ArrayList<>();
        int count = Math.clamp(peek.pointer(tuple + objects.varSize()), 0, max);
        byte[] words = peek.bytes(tuple + objects.tupleItems(), count * WORD_BYTES);
        for (int i = 0; i + WORD_BYTES <= words.length; i += WORD_BYTES) {
            items.add(Words.at(words, i));
        }
        return items;
    }

    /**
     * {@code md_dict} of a module: the first field behind the header in every version.
     * Objects/moduleobject.c
     */
    long moduleDict(long module) {
        return peek.pointer(module + objects.headerSize());
    }

    /**
     * Visits the instance attributes of an object; false when there are none or they changed
     * meanwhile.
     */
    boolean forEachAttribute(long object, DictReader.Visitor visitor) {
        long type = typeOf(object);
        if (type == 0) {
            return false;
        }
        long flags = peek.pointer(type + objects.typeFlags());
        if (managed == ManagedDict.NONE || (flags & MANAGED_DICT) == 0) {
            long dictOffset = peek.pointer(type + objects.typeDictOffset());
            return dictOffset > 0 && dicts.forEach(peek.pointer(object + dictOffset), visitor);
        }
        long dict = peek.pointer(object + managedDictAt);
        return switch (managed) {
            case TWO_POINTERS -> {
                long values = peek.pointer(object + managedDictAt - WORD_BYTES);
                yield values != 0
                        ? forEachValue(type, values, visitor)
                        : dicts.forEach(dict, visitor);
            }
            case TAGGED ->
                    (dict & 1) != 0
                            ? forEachValue(type, dict + 1, visitor)
                            : dicts.forEach(dict, visitor);
            case INLINE -> {
                if (dict != 0 || (flags & INLINE_VALUES) == 0) {
                    yield dicts.forEach(dict, visitor);
                }
                long values = object + peek.pointer(type + objects.typeBasicSize());
                yield peek.load(values, WORD_BYTES)
                        && peek.uint8(VALUES_VALID) != 0
                        && forEachValue(type, values, visitor);
            }
            case NONE -> false;
        };
    }

    /** The value of an instance attribute; 0 when there is none or it cannot be read. */
    long attribute(long object, String name) {
        long[] found = new long[1];
        forEachAttribute(object, finder(name, found));
        return found[0];
    }

    /** The value under a str key; 0 when there is none or it cannot be read. */
    long item(long dict, String name) {
        long[] found = new long[1];
        find(dict, name, found);
        return found[0];
    }

    /**
     * Puts the value under a str key into {@code found}.
     *
     * @return false when it was not found but may be there: the dict changed meanwhile
     */
    boolean find(long dict, String name, long[] found) {
        return dicts.forEach(dict, finder(name, found));
    }

    // internals

    private boolean forEachValue(long type, long values, DictReader.Visitor visitor) {
        return dicts.forEach(peek.pointer(type + objects.typeCachedKeys()), values, visitor);
    }

    private DictReader.Visitor finder(String name, long[] found) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        return (key, value) -> {
            boolean equal = text.isAscii(peek, key, ascii);
            if (equal) {
                found[0] = value;
            }
            return !equal;
        };
    }
}
