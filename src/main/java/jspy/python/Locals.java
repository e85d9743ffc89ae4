package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.TargetMemory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Arguments and local variables of a frame, in the order of the code object, cells and closures
 * included. Meant for a target that stands still; of a running one every value is what its memory
 * held when it was looked at. One thread.
 */
public final class Locals {
    /** {@code co_flags}: CO_VARARGS, CO_VARKEYWORDS. Include/code.h */
    private static final int VARARGS = 4;

    private static final int VARKEYWORDS = 8;

    /**
     * {@code CO_FAST_HIDDEN}: names of inlined comprehensions. Include/internal/pycore_code.h, 3.12
     * on.
     */
    private static final int HIDDEN = 0x10;

    /** No function has more variables that anyone reads. */
    private static final int MAX_VARIABLES = 4096;

    private static final int MAX_NAME_CHARS = 1024;

    /** Reads for all variables of one frame. */
    private static final long MAX_READS = 1 << 18;

    private static final int WORD_BYTES = 8;

    private final long maxReads;
    private final Peek peek;
    private final Offsets offsets;
    private final ObjectReader objects;
    private final ValueText values;

    /**
     * @param maxChars longest text of a value
     */
    public Locals(TargetMemory memory, PythonRuntime runtime, int maxChars) {
        this(memory, runtime, maxChars, MAX_READS);
    }

    Locals(TargetMemory memory, PythonRuntime runtime, int maxChars, long maxReads) {
        this.maxReads = maxReads;
        peek = new Peek(memory);
        offsets = runtime.offsets();
        objects = new ObjectReader(peek, offsets, runtime.version());
        values = new ValueText(peek, offsets, objects, maxChars);
    }

    /**
     * @param frame {@code PyFrameObject} (to 3.10) or {@code _PyInterpreterFrame}
     * @param code its code object
     */
    public List<Local> of(long frame, long code) {
        peek.allow(maxReads);
        List<Local> locals = new ArrayList<>();
        byte[] struct = peek.bytes(code, (int) offsets.code().size());
        if (struct.length < offsets.code().size()) {
            return locals;
        }
        List<Long> names = names(struct);
        byte[] kinds = kinds(struct, names.size());
        byte[] slots = peek.bytes(frame + offsets.frame().localsplus(), names.size() * WORD_BYTES);
        int arguments = arguments(struct);
        for (int i = 0; i < slots.length / WORD_BYTES; i++) {
            long value = Words.at(slots, i * WORD_BYTES) & ~offsets.frame().codeTagMask();
            boolean isHidden = i < kinds.length && (kinds[i] & HIDDEN) != 0;
            if (value == 0 || isHidden) {
                continue;
            }
            value = withoutCell(value);
            String name =
                    objects.text(names.get(i), MAX_NAME_CHARS)
                            .map(PythonText::plain)
                            .orElse(CodeInfo.UNREADABLE);
            if (value != 0) {
                locals.add(new Local(name, value, i < arguments, values.of(value)));
            }
        }
        return locals;
    }

    // internals

    private List<Long> names(byte[] code) {
        List<Long> names =
                new ArrayList<>(
                        objects.tuple(word(code, offsets.code().localNames()), MAX_VARIABLES));
        if (offsets.code().localKinds() == Offsets.ABSENT) {
            names.addAll(objects.tuple(word(code, offsets.code().cellNames()), MAX_VARIABLES));
            names.addAll(objects.tuple(word(code, offsets.code().freeNames()), MAX_VARIABLES));
        }
        return names;
    }

    private byte[] kinds(byte[] code, int count) {
        return offsets.code().localKinds() == Offsets.ABSENT
                ? new byte[0]
                : peek.bytes(
                        word(code, offsets.code().localKinds()) + offsets.objects().bytesData(),
                        count);
    }

    private int arguments(byte[] code) {
        int flags = int32(code, offsets.code().flags());
        long count =
                (long) int32(code, offsets.code().argumentCount())
                        + int32(code, offsets.code().keywordOnlyCount())
                        + ((flags & VARARGS) != 0 ? 1 : 0)
                        + ((flags & VARKEYWORDS) != 0 ? 1 : 0);
        return Math.clamp(count, 0, MAX_VARIABLES);
    }

    /**
     * A variable that closures share lies in a cell: {@code PyCellObject.ob_ref}, 0 while it has no
     * value.
     */
    private long withoutCell(long value) {
        return objects.typeName(objects.typeOf(value)).equals("cell")
                ? peek.pointer(value + offsets.objects().headerSize())
                : value;
    }

    private static long word(byte[] struct, long at) {
        return at == Offsets.ABSENT || at + WORD_BYTES > struct.length
                ? 0
                : Words.at(struct, (int) at);
    }

    private static int int32(byte[] struct, long at) {
        return at == Offsets.ABSENT || at + Integer.BYTES > struct.length
                ? 0
                : MemorySegment.ofArray(struct).get(ValueLayout.JAVA_INT_UNALIGNED, at);
    }
}
