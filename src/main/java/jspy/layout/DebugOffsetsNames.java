package jspy.layout;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;

/**
 * What a field of {@code _Py_DebugOffsets} is called in the struct that it tells of.
 * Include/internal/pycore_debug_offsets.h
 */
final class DebugOffsetsNames {
    /** The struct that a section of the table describes. */
    private static final Map<String, String> STRUCTS =
            Map.ofEntries(
                    entry("runtime_state", "_PyRuntimeState"),
                    entry("interpreter_state", "PyInterpreterState"),
                    entry("thread_state", "PyThreadState"),
                    entry("err_stackitem", "_PyErr_StackItem"),
                    entry("interpreter_frame", "_PyInterpreterFrame"),
                    entry("code_object", "PyCodeObject"),
                    entry("pyobject", "PyObject"),
                    entry("type_object", "PyTypeObject"),
                    entry("heap_type_object", "PyHeapTypeObject"),
                    entry("tuple_object", "PyTupleObject"),
                    entry("list_object", "PyListObject"),
                    entry("set_object", "PySetObject"),
                    entry("dict_object", "PyDictObject"),
                    entry("float_object", "PyFloatObject"),
                    entry("long_object", "PyLongObject"),
                    entry("bytes_object", "PyBytesObject"),
                    entry("unicode_object", "PyUnicodeObject"),
                    entry("gc", "struct _gc_runtime_state"),
                    entry("gen_object", "PyGenObject"),
                    entry("llist_node", "struct llist_node"));

    /** Fields whose name in the table is not that of the struct. */
    private static final Map<String, String> FIELDS =
            Map.ofEntries(
                    entry("runtime_state.finalizing", "_PyRuntimeState._finalizing"),
                    entry("runtime_state.interpreters_head", "_PyRuntimeState.interpreters.head"),
                    entry("interpreter_state.threads_head", "PyInterpreterState.threads.head"),
                    entry("interpreter_state.threads_main", "PyInterpreterState.threads.main"),
                    entry(
                            "interpreter_state.imports_modules",
                            "PyInterpreterState.imports.modules"),
                    entry("interpreter_state.ceval_gil", "PyInterpreterState.ceval.gil"),
                    entry("interpreter_state.gil_runtime_state", "PyInterpreterState._gil"),
                    entry(
                            "interpreter_state.gil_runtime_state_enabled",
                            "struct _gil_runtime_state.enabled"),
                    entry(
                            "interpreter_state.gil_runtime_state_locked",
                            "PyInterpreterState._gil.locked"),
                    entry(
                            "interpreter_state.gil_runtime_state_holder",
                            "PyInterpreterState._gil.last_holder"),
                    entry(
                            "interpreter_state.code_object_generation",
                            "PyInterpreterState._code_object_generation"),
                    entry(
                            "interpreter_state.tlbc_generation",
                            "PyInterpreterState.tlbc_indices.tlbc_generation"),
                    entry("thread_state.status", "PyThreadState._status"),
                    entry("interpreter_frame.executable", "_PyInterpreterFrame.f_executable"),
                    entry("code_object.filename", "PyCodeObject.co_filename"),
                    entry("code_object.name", "PyCodeObject.co_name"),
                    entry("code_object.qualname", "PyCodeObject.co_qualname"),
                    entry("code_object.linetable", "PyCodeObject.co_linetable"),
                    entry("code_object.firstlineno", "PyCodeObject.co_firstlineno"),
                    entry("code_object.argcount", "PyCodeObject.co_argcount"),
                    entry("code_object.localsplusnames", "PyCodeObject.co_localsplusnames"),
                    entry("code_object.localspluskinds", "PyCodeObject.co_localspluskinds"),
                    entry("tuple_object.ob_size", "PyVarObject.ob_size"),
                    entry("list_object.ob_size", "PyVarObject.ob_size"),
                    entry("bytes_object.ob_size", "PyVarObject.ob_size"),
                    entry("long_object.lv_tag", "PyLongObject.long_value.lv_tag"),
                    entry("long_object.ob_digit", "PyLongObject.long_value.ob_digit"),
                    entry("unicode_object.state", "PyASCIIObject.state"),
                    entry("unicode_object.length", "PyASCIIObject.length"),
                    entry("unicode_object.asciiobject_size", "PyASCIIObject"),
                    entry("unicode_object.compactunicodeobject_size", "PyCompactUnicodeObject"));

    /** Sizes whose name does not say so by its end alone: {@code tp_basicsize} is an offset. */
    private static final Set<String> SIZES =
            Set.of(
                    "unicode_object.asciiobject_size",
                    "unicode_object.compactunicodeobject_size",
                    "gc.generation_stats_size",
                    "debugger_support.debugger_script_path_size");

    /** Fields of C's {@code unsigned long}, which has four bytes on Windows and eight elsewhere. */
    private static final Set<String> LONGS =
            Set.of(
                    "thread_state.thread_id",
                    "thread_state.native_thread_id",
                    "type_object.tp_flags");

    private DebugOffsetsNames() {}

    /** Whether the value is a size in bytes; all others are offsets. */
    static boolean isSize(String name) {
        return name.endsWith(".size") || SIZES.contains(name);
    }

    static boolean isLong(String name) {
        return LONGS.contains(name);
    }

    /**
     * {@code thread_state.status} is {@code PyThreadState._status}, {@code gc.size} is the struct
     * itself.
     */
    static String layoutName(String name) {
        String known = FIELDS.get(name);
        if (known != null) {
            return known;
        }
        int dot = name.indexOf('.');
        String struct = STRUCTS.getOrDefault(name.substring(0, dot), name.substring(0, dot));
        String field = name.substring(dot + 1);
        return field.equals("size") ? struct : struct.concat(".").concat(field);
    }
}
