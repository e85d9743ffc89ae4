package jspy.python;

import jspy.layout.Offsets;

import java.util.ArrayList;
import java.util.List;

/**
 * Scalars and arrays of numpy, told by their type's name: a scalar's value lies behind its header,
 * of an array the shape and the type are shown. {@code PyArrayObject_fields},
 * numpy/core/include/numpy/ndarraytypes.h; arrayscalars.h
 */
final class NumpyText {
    // PyArrayObject_fields, behind the header: data, nd, dimensions, strides, base, descr
    private static final int ARRAY_ND = 8;
    private static final int ARRAY_DIMENSIONS = 16;
    private static final int ARRAY_DESCR = 40;

    /** {@code NPY_MAXDIMS} of numpy 2. */
    private static final int MAX_DIMENSIONS = 64;

    private static final int WORD_BYTES = 8;

    private final Peek peek;
    private final ObjectReader objects;
    private final long header;

    NumpyText(Peek peek, Offsets.Objects layout, ObjectReader objects) {
        this.peek = peek;
        this.objects = objects;
        header = layout.headerSize();
    }

    /** Writes it if it is one; false and nothing written otherwise. */
    boolean write(StringBuilder out, long object, String typeName) {
        if (!typeName.startsWith("numpy.")) {
            return false;
        }
        String type = typeName.substring("numpy.".length());
        if (type.equals("ndarray")) {
            return writeArray(out, object);
        }
        return peek.load(object + header, WORD_BYTES) && writeScalar(out, type, peek.word(0));
    }

    // internals

    private static boolean writeScalar(StringBuilder out, String type, long word) {
        switch (type) {
            case "bool", "bool_" -> out.append((word & 0xFF) != 0 ? "True" : "False");
            case "float64" -> out.append(PythonText.ofFloat(Double.longBitsToDouble(word)));
            case "float32" -> out.append(PythonText.ofFloat(Float.intBitsToFloat((int) word)));
            case "float16" -> out.append(PythonText.ofFloat(Float.float16ToFloat((short) word)));
            case "int8" -> out.append((byte) word);
            case "int16" -> out.append((short) word);
            case "int32", "intc" -> out.append((int) word);
            case "int64", "longlong" -> out.append(word);
            case "uint8" -> out.append(word & 0xFF);
            case "uint16" -> out.append(word & 0xFFFF);
            case "uint32", "uintc" -> out.append(word & 0xFFFF_FFFFL);
            case "uint64", "ulonglong" -> out.append(Long.toUnsignedString(word));
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean writeArray(StringBuilder out, long array) {
        if (!peek.load(array + header, ARRAY_DESCR + WORD_BYTES)) {
            return false;
        }
        int dimensions = peek.int32(ARRAY_ND);
        long shapeAt = peek.word(ARRAY_DIMENSIONS);
        long descr = peek.word(ARRAY_DESCR);
        if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
            return false;
        }
        byte[] shape = peek.bytes(shapeAt, dimensions * WORD_BYTES);
        List<String> sizes = new ArrayList<>();
        for (int i = 0; i + WORD_BYTES <= shape.length; i += WORD_BYTES) {
            sizes.add(Long.toString(Words.at(shape, i)));
        }
        // PyArray_Descr.typeobj is its first field
        String element =
                PythonText.plain(objects.typeName(peek.pointer(descr + header)))
                        .replace("numpy.", "");
        out.append("ndarray(shape=(").append(String.join(", ", sizes));
        out.append(sizes.size() == 1 ? ",)" : ")");
        out.append(", dtype=").append(element).append(')');
        return true;
    }
}
