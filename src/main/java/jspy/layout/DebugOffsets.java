package jspy.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a CPython 3.13 or newer says of its own structs: the table {@code _Py_DebugOffsets} at the
 * start of {@code _PyRuntime}, checked and copied. Include/internal/pycore_debug_offsets.h
 *
 * <p>All of the table is the target's word. Nothing in it is used before it was found plausible: a
 * table that cannot be true is an {@link UnsupportedPythonException}, never an offset that leads
 * out of a struct. Fields keep the names they have in the table, {@code
 * thread_state.native_thread_id}; where a struct grew between minor versions the list of fields
 * comes from the generated layout of that minor version, or of the newest that is known.
 */
public final class DebugOffsets {
    /**
     * The bytes to read for {@link #read}: no table known is longer, and every {@code _PyRuntime}
     * is.
     */
    public static final int MAX_BYTES = 1024;

    /** {@code _Py_Debug_Cookie}, "xdebugpy" as a little-endian word. */
    private static final long COOKIE = 0x7970_6775_6265_6478L;

    private static final String TABLE = "_Py_DebugOffsets";

    /** The section that tells debuggers where to write; nothing here reads it. */
    private static final String FOR_DEBUGGERS = "debugger_support";

    private static final int VERSION_AT = 8;
    private static final int FREE_THREADED_AT = 16;
    private static final int HEAD_BYTES = 24;

    /** No struct of CPython is larger; the largest known has 409,304 bytes. */
    private static final long MAX_STRUCT_BYTES = 16 << 20;

    private static final List<String> GIL_WORDS =
            List.of(
                    "interpreter_state.gil_runtime_state_holder",
                    "interpreter_state.gil_runtime_state_locked");

    /** {@code struct _gil_runtime_state} has 208 or 216. */
    private static final long MAX_GIL_BYTES = 1024;

    private final PythonVersion version;
    private final Map<String, Long> fields;

    private DebugOffsets(PythonVersion version, Map<String, Long> fields) {
        this.version = version;
        this.fields = fields;
    }

    /** Whether a copy of the target's memory starts as such a table does. */
    public static boolean isAt(MemorySegment copy) {
        return copy.byteSize() >= Long.BYTES && word(copy, 0) == COOKIE;
    }

    /**
     * Reads the table at the start of a copy of up to {@link #MAX_BYTES} bytes.
     *
     * @throws UnsupportedPythonException when it is no such table, or one that cannot be true
     */
    public static DebugOffsets read(MemorySegment copy) {
        if (copy.byteSize() < HEAD_BYTES || !isAt(copy)) {
            throw refused(null, "no _Py_DebugOffsets here: its cookie is missing");
        }
        PythonVersion version = readVersion(copy);
        StructTable known = LayoutCatalog.table(version);
        long tableBytes = known.size(TABLE);
        if (copy.byteSize() < tableBytes) {
            throw refused(
                    version,
                    "_Py_DebugOffsets of %s has %d bytes, only %d could be read"
                            .formatted(version, tableBytes, copy.byteSize()));
        }
        Map<String, Long> fields = new LinkedHashMap<>();
        for (Map.Entry<String, StructTable.Field> entry : known.fields().entrySet()) {
            String name = entry.getKey();
            if (name.startsWith(TABLE + ".") && !entry.getValue().group()) {
                String inTable = name.substring(TABLE.length() + 1);
                if (inTable.indexOf('.') > 0) {
                    fields.put(inTable, word(copy, entry.getValue().offset()));
                }
            }
        }
        DebugOffsets found = new DebugOffsets(version, Collections.unmodifiableMap(fields));
        found.validate(known);
        found.validateSums();
        return found;
    }

    /** Never a debug build: the table does not tell, and its offsets are right for both. */
    public PythonVersion version() {
        return version;
    }

    public boolean freeThreaded() {
        return version.freeThreaded();
    }

    /**
     * A value of the table by the name it has there, {@link Offsets#ABSENT} when this version's
     * table lacks it.
     */
    public long get(String name) {
        return fields.getOrDefault(name, Offsets.ABSENT);
    }

    /** All values by name, in a fixed order. */
    public Map<String, Long> fields() {
        return fields;
    }

    // internals

    private static PythonVersion readVersion(MemorySegment copy) {
        long word = word(copy, VERSION_AT);
        long freeThreaded = word(copy, FREE_THREADED_AT);
        PythonVersion version = PythonVersion.fromHex(word, freeThreaded == 1, false);
        boolean plausible =
                word >>> 32 == 0
                        && (freeThreaded == 0 || freeThreaded == 1)
                        && version.major() == 3
                        && version.minor() >= LayoutCatalog.FIRST_MINOR_WITH_TABLE
                        && version.releaseLevel() >= 0xA
                        && (version.releaseLevel() <= 0xC || version.releaseLevel() == 0xF);
        if (!plausible) {
            throw refused(
                    null,
                    "_Py_DebugOffsets is damaged: version word 0x%x, free_threaded 0x%x"
                            .formatted(word, freeThreaded));
        }
        return version;
    }

    /**
     * Sizes within reason, each offset inside its struct and aligned as the field is in the layout
     * known.
     */
    private void validate(StructTable known) {
        for (Map.Entry<String, Long> entry : fields.entrySet()) {
            String name = entry.getKey();
            long value = entry.getValue();
            String section = name.substring(0, name.indexOf('.'));
            if (section.equals(FOR_DEBUGGERS)) {
                continue;
            }
            boolean isSize = DebugOffsetsNames.isSize(name);
            long limit =
                    isSize ? MAX_STRUCT_BYTES : fields.getOrDefault(section.concat(".size"), 0L);
            if (limit == 0) {
                limit = MAX_STRUCT_BYTES;
            }
            if (value < 0 || value > limit || (!isSize && value == limit)) {
                throw damaged(name, value, "it lies outside its struct of " + limit + " bytes");
            }
            if (name.endsWith(".size") && value == 0) {
                throw damaged(name, value, "a struct has a size");
            }
            StructTable.Field field = known.field(DebugOffsetsNames.layoutName(name));
            if (!isSize && field != null) {
                long alignment = Math.min(Math.max(field.size() & -field.size(), 1), Long.BYTES);
                if (DebugOffsetsNames.isLong(name)) {
                    alignment = Integer.BYTES;
                }
                if (value % alignment != 0) {
                    throw damaged(name, value, "it is not aligned to " + alignment);
                }
                long end = value + Math.min(field.size(), Long.BYTES);
                if (end > limit) {
                    throw damaged(name, value, "it ends outside its struct of " + limit);
                }
            }
        }
    }

    /** What is worked out from several values must be as plausible as each. */
    private void validateSums() {
        long gil = get("interpreter_state.gil_runtime_state");
        for (String field : GIL_WORDS) {
            long value = get(field);
            if (value < gil || value - gil >= MAX_GIL_BYTES) {
                throw damaged(field, value, "it lies outside the GIL");
            }
        }
        long gcEnd = get("interpreter_state.gc") + get("gc.size");
        if (gcEnd > get("interpreter_state.size")) {
            throw damaged("gc.size", get("gc.size"), "it ends outside the interpreter");
        }
    }

    private UnsupportedPythonException damaged(String name, long value, String why) {
        String what = "%s is 0x%x, and %s".formatted(name, value, why);
        return refused(
                version,
                LayoutCatalog.isKnown(version)
                        ? "_Py_DebugOffsets of %s is damaged: %s".formatted(version, what)
                        : ("CPython %s is not supported: jspy knows %s, and the _Py_DebugOffsets of"
                                        + " this one is not shaped as theirs: %s")
                                .formatted(version, LayoutCatalog.supported(), what));
    }

    private static UnsupportedPythonException refused(PythonVersion version, String message) {
        return new UnsupportedPythonException(version, message);
    }

    private static long word(MemorySegment copy, long at) {
        return copy.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }
}
