package jspy.python;

import jspy.layout.Offsets;

import java.math.BigInteger;
import java.util.Optional;

/**
 * Writes objects of the target as Python would, as far as that can be told from their memory alone:
 * nothing of the target is run. Numbers, texts, containers, exceptions, and the attributes of plain
 * objects one level deep; everything else by its type and address. One thread.
 */
final class ValueText {
    /** What cannot be read, as py-spy writes it. */
    private static final String UNREADABLE = "?";

    /** Containers within containers. */
    private static final int MAX_DEPTH = 4;

    // Py_TPFLAGS_*_SUBCLASS, Include/object.h
    private static final long LONG_SUBCLASS = 1L << 24;
    private static final long LIST_SUBCLASS = 1L << 25;
    private static final long TUPLE_SUBCLASS = 1L << 26;
    private static final long BYTES_SUBCLASS = 1L << 27;
    private static final long UNICODE_SUBCLASS = 1L << 28;
    private static final long DICT_SUBCLASS = 1L << 29;
    private static final long EXCEPTION_SUBCLASS = 1L << 30;
    private static final long TYPE_SUBCLASS = 1L << 31;

    /**
     * {@code PyBaseExceptionObject.args} lies behind the header and {@code dict}.
     * Include/cpython/pyerrors.h
     */
    private static final int EXCEPTION_ARGS_BEHIND_HEADER = 8;

    /** An int of more digits is called huge: 9000 decimal places. */
    private static final int MAX_INT_DIGITS = 1000;

    /** Set tables of more entries are not looked through. */
    private static final long MAX_SET_TABLE = 1 << 22;

    private static final int SET_ENTRY_BYTES = 16;
    private static final int SET_BLOCK = 256;
    private static final int WORD_BYTES = 8;

    private static final String CUT = "...";

    private final Peek peek;
    private final Offsets.Objects layout;
    private final ObjectReader objects;
    private final NumpyText numpy;
    private final int maxChars;
    private final StringBuilder out = new StringBuilder();

    ValueText(Peek peek, Offsets offsets, ObjectReader objects, int maxChars) {
        this.peek = peek;
        this.layout = offsets.objects();
        this.objects = objects;
        this.numpy = new NumpyText(peek, layout, objects);
        this.maxChars = maxChars;
    }

    /** The value at that address. */
    String of(long object) {
        out.setLength(0);
        write(object, 0);
        if (out.length() > maxChars) {
            int end = Character.isHighSurrogate(out.charAt(maxChars - 1)) ? maxChars - 1 : maxChars;
            return out.substring(0, end) + CUT;
        }
        return out.toString();
    }

    // internals

    private boolean isFull() {
        return out.length() > maxChars;
    }

    private void write(long object, int depth) {
        long type = objects.typeOf(object);
        long flags = type == 0 ? 0 : peek.pointer(type + layout.typeFlags());
        String name = type == 0 ? "" : PythonText.plain(objects.typeName(type));
        if (name.isEmpty()) {
            out.append(UNREADABLE);
        } else if ((flags & LONG_SUBCLASS) != 0) {
            writeInt(object, name);
        } else if ((flags & UNICODE_SUBCLASS) != 0) {
            writeText(object);
        } else if ((flags & BYTES_SUBCLASS) != 0) {
            writeBytes(object);
        } else if ((flags & TYPE_SUBCLASS) != 0) {
            out.append("<class '").append(PythonText.plain(objects.typeName(object))).append("'>");
        } else if (name.equals("float")) {
            writeFloat(object);
        } else if (name.equals("NoneType")) {
            out.append("None");
        } else if (depth >= MAX_DEPTH) {
            writeOpaque(object, name);
        } else if ((flags & TUPLE_SUBCLASS) != 0) {
            writeTuple(object, name.equals("tuple") ? "" : name, depth);
        } else if ((flags & LIST_SUBCLASS) != 0) {
            writeList(object, depth);
        } else if ((flags & DICT_SUBCLASS) != 0) {
            writeDict(object, name.equals("dict") ? "" : name, depth);
        } else if (name.equals("set") || name.equals("frozenset")) {
            writeSet(object, name, depth);
        } else if ((flags & EXCEPTION_SUBCLASS) != 0) {
            long args = layout.headerSize() + EXCEPTION_ARGS_BEHIND_HEADER;
            writeTuple(peek.pointer(object + args), name, depth);
        } else if (!numpy.write(out, object, name)) {
            writeObject(object, name, depth);
        }
    }

    private void writeInt(long object, String name) {
        Optional<BigInteger> value = objects.ints().big(object, MAX_INT_DIGITS);
        if (value.isEmpty()) {
            long bits = objects.ints().bits(object);
            out.append(bits < 0 ? UNREADABLE : "<int of " + bits + " bits>");
        } else if (name.equals("bool")) {
            out.append(value.get().signum() != 0 ? "True" : "False");
        } else {
            out.append(value.get());
        }
    }

    private void writeText(long object) {
        // one more than fits, so that what was cut is cut again, with the dots of every value
        Optional<String> text = objects.text(object, maxChars + 1);
        if (text.isEmpty()) {
            out.append(UNREADABLE);
        } else {
            PythonText.quote(out, text.get());
        }
    }

    private void writeBytes(long object) {
        long length = peek.pointer(object + layout.varSize());
        int wanted = Math.clamp(length, 0, maxChars + 1);
        byte[] bytes = peek.bytes(object + layout.bytesData(), wanted);
        if (length < 0 || bytes.length < wanted) {
            out.append(UNREADABLE);
        } else {
            PythonText.quote(out, bytes);
        }
    }

    private void writeFloat(long object) {
        if (peek.load(object + layout.floatValue(), WORD_BYTES)) {
            out.append(PythonText.ofFloat(Double.longBitsToDouble(peek.word(0))));
        } else {
            out.append(UNREADABLE);
        }
    }

    private void writeTuple(long tuple, String prefix, int depth) {
        long count = peek.pointer(tuple + layout.varSize());
        out.append(prefix).append('(');
        writeItems(tuple + layout.tupleItems(), count, depth);
        out.append(count == 1 && prefix.isEmpty() ? ",)" : ")");
    }

    private void writeList(long list, int depth) {
        out.append('[');
        writeItems(
                peek.pointer(list + layout.listItems()),
                peek.pointer(list + layout.varSize()),
                depth);
        out.append(']');
    }

    private void writeItems(long items, long count, int depth) {
        for (long i = 0; i < count && !isFull(); i++) {
            out.append(i == 0 ? "" : ", ");
            long item = peek.pointer(items + i * WORD_BYTES);
            if (item == 0) {
                out.append(CUT);
                return;
            }
            write(item, depth + 1);
        }
    }

    private void writeDict(long dict, String prefix, int depth) {
        out.append(prefix).append(prefix.isEmpty() ? "{" : "({");
        int begin = out.length();
        boolean whole =
                objects.dicts()
                        .forEach(
                                dict,
                                (key, value) -> {
                                    out.append(out.length() == begin ? "" : ", ");
                                    write(key, depth + 1);
                                    out.append(": ");
                                    write(value, depth + 1);
                                    return !isFull();
                                });
        out.append(whole ? "" : CUT).append(prefix.isEmpty() ? "}" : "})");
    }

    /**
     * {@code PySetObject}: a table of key and hash; a hash of -1 is a deleted entry.
     * Objects/setobject.c
     */
    private void writeSet(long set, String name, int depth) {
        long used = layout.setUsed() < 0 ? -1 : peek.pointer(set + layout.setUsed());
        long table = peek.pointer(set + Math.max(layout.setTable(), 0));
        long entries = peek.pointer(set + Math.max(layout.setMask(), 0)) + 1;
        boolean isFrozen = name.equals("frozenset");
        if (used == 0) {
            out.append(name).append("()");
            return;
        }
        out.append(isFrozen ? "frozenset({" : "{");
        boolean first = true;
        for (long at = 0; at < Math.min(entries, MAX_SET_TABLE) && !isFull(); at += SET_BLOCK) {
            int count = (int) Math.min(SET_BLOCK, entries - at);
            byte[] block = peek.bytes(table + at * SET_ENTRY_BYTES, count * SET_ENTRY_BYTES);
            if (block.length == 0) {
                break;
            }
            for (int i = 0;
                    i + SET_ENTRY_BYTES <= block.length && !isFull();
                    i += SET_ENTRY_BYTES) {
                long key = Words.at(block, i);
                if (key != 0 && Words.at(block, i + WORD_BYTES) != -1) {
                    out.append(first ? "" : ", ");
                    write(key, depth + 1);
                    first = false;
                }
            }
        }
        out.append(isFrozen ? "})" : "}");
    }

    /** {@code Point(x=1, y=2)}, as a dataclass writes itself; within another one only its type. */
    private void writeObject(long object, String name, int depth) {
        if (name.equals("module")) {
            long moduleName = objects.item(objects.moduleDict(object), "__name__");
            out.append("<module ");
            writeText(moduleName);
            out.append('>');
            return;
        }
        int begin = out.length();
        out.append(name).append('(');
        int attributes = out.length();
        if (depth == 0) {
            objects.forEachAttribute(
                    object,
                    (key, value) -> {
                        out.append(out.length() == attributes ? "" : ", ");
                        out.append(
                                objects.text(key, maxChars)
                                        .map(PythonText::plain)
                                        .orElse(UNREADABLE));
                        out.append('=');
                        write(value, depth + 1);
                        return !isFull();
                    });
        }
        if (out.length() == attributes) {
            out.setLength(begin);
            writeOpaque(object, name);
        } else {
            out.append(')');
        }
    }

    private void writeOpaque(long object, String name) {
        out.append("<%s at 0x%x>".formatted(name, object));
    }
}
