package jspy.layout;

import static jspy.layout.Offsets.ABSENT;

/**
 * Turns the named fields of one version into {@link Offsets}. Here, and nowhere else, the names
 * that a field had over the years meet: the newest stands first.
 */
final class Flattener {
    private static final long WORD_BYTES = 8;

    private Flattener() {}

    static Offsets flatten(StructTable table) {
        return new Offsets(
                runtime(table),
                interpreter(table),
                gil(table),
                thread(table),
                frame(table),
                code(table),
                objects(table),
                dict(table));
    }

    // internals

    private static Offsets.Runtime runtime(StructTable table) {
        return new Offsets.Runtime(
                table.offset("_PyRuntimeState.interpreters.head"),
                table.offset("_PyRuntimeState.ceval.gil"),
                table.offset("_PyRuntimeState._finalizing", "_PyRuntimeState.finalizing"));
    }

    private static Offsets.Interpreter interpreter(StructTable table) {
        return new Offsets.Interpreter(
                table.offset("PyInterpreterState.next"),
                table.offset("PyInterpreterState.id"),
                table.offset("PyInterpreterState.threads.head", "PyInterpreterState.tstate_head"),
                table.offset("PyInterpreterState.ceval.gil"),
                table.offset("PyInterpreterState.imports.modules", "PyInterpreterState.modules"),
                table.offset("PyInterpreterState.sysdict"),
                table.offset("PyInterpreterState.gc"),
                table.offset("PyInterpreterState.gc.collecting"),
                table.offset("PyInterpreterState._code_object_generation"),
                table.offset("PyInterpreterState.tlbc_indices.tlbc_generation"));
    }

    private static Offsets.Gil gil(StructTable table) {
        return new Offsets.Gil(
                table.offset("struct _gil_runtime_state.last_holder"),
                table.offset("struct _gil_runtime_state.locked"),
                table.offset("struct _gil_runtime_state.switch_number"));
    }

    private static Offsets.Thread thread(StructTable table) {
        long prev = table.offset("PyThreadState.prev");
        long next = table.offset("PyThreadState.next");
        long interp = table.offset("PyThreadState.interp");
        long top =
                table.offset(
                        "PyThreadState.current_frame",
                        "PyThreadState.frame",
                        "PyThreadState.cframe");
        long threadId = table.offset("PyThreadState.thread_id");
        long nativeThreadId = table.offset("PyThreadState.native_thread_id");
        long datastackChunk = table.offset("PyThreadState.datastack_chunk");
        long datastackTop = table.offset("PyThreadState.datastack_top");
        long status = table.offset("PyThreadState._status");
        long state = table.offset("PyThreadState.state");
        long holdsGil = table.offset("PyThreadState.holds_gil");
        long baseFrame = table.offset("PyThreadState.base_frame");
        long excInfo = table.offset("PyThreadState.exc_info");
        long currentException =
                table.offset("PyThreadState.current_exception", "PyThreadState.curexc_type");
        long size =
                endOfLast(
                        prev,
                        next,
                        interp,
                        top,
                        threadId,
                        nativeThreadId,
                        datastackChunk,
                        datastackTop,
                        status,
                        state,
                        holdsGil,
                        baseFrame,
                        excInfo,
                        currentException);
        return new Offsets.Thread(
                size,
                prev,
                next,
                interp,
                top,
                table.offset("_PyCFrame.current_frame"),
                threadId,
                nativeThreadId,
                datastackChunk,
                datastackTop,
                status,
                state,
                holdsGil,
                baseFrame,
                excInfo,
                currentException);
    }

    private static Offsets.Frame frame(StructTable table) {
        long localsplus =
                table.offset("_PyInterpreterFrame.localsplus", "PyFrameObject.f_localsplus");
        return new Offsets.Frame(
                localsplus,
                table.offset("_PyInterpreterFrame.previous", "PyFrameObject.f_back"),
                table.offset(
                        "_PyInterpreterFrame.f_executable",
                        "_PyInterpreterFrame.f_code",
                        "PyFrameObject.f_code"),
                table.offset(
                        "_PyInterpreterFrame.instr_ptr",
                        "_PyInterpreterFrame.prev_instr",
                        "PyFrameObject.f_lasti"),
                table.offset("_PyInterpreterFrame.owner"),
                localsplus,
                table.offset(
                        "_PyInterpreterFrame.stackpointer",
                        "_PyInterpreterFrame.stacktop",
                        "PyFrameObject.f_stacktop",
                        "PyFrameObject.f_stackdepth"),
                table.offset("_PyInterpreterFrame.tlbc_index"),
                table.constant("FRAME_OWNED_BY_INTERPRETER", "FRAME_OWNED_BY_CSTACK"),
                Math.max(0, table.constant("Py_TAG_BITS")));
    }

    private static Offsets.Code code(StructTable table) {
        return new Offsets.Code(
                table.size("PyCodeObject"),
                table.offset("PyCodeObject.co_filename"),
                table.offset("PyCodeObject.co_name"),
                table.offset("PyCodeObject.co_qualname"),
                table.offset("PyCodeObject.co_firstlineno"),
                table.offset("PyCodeObject.co_linetable", "PyCodeObject.co_lnotab"),
                table.offset("PyCodeObject.co_code_adaptive"),
                table.offset("PyCodeObject.co_flags"),
                table.offset("PyCodeObject.co_argcount"),
                table.offset("PyCodeObject.co_posonlyargcount"),
                table.offset("PyCodeObject.co_kwonlyargcount"),
                table.offset("PyCodeObject.co_localsplusnames", "PyCodeObject.co_varnames"),
                table.offset("PyCodeObject.co_localspluskinds"),
                table.offset("PyCodeObject.co_cellvars"),
                table.offset("PyCodeObject.co_freevars"),
                table.offset("PyCodeObject.co_tlbc"),
                table.offset("PyCodeObject.co_version"));
    }

    private static Offsets.Objects objects(StructTable table) {
        return new Offsets.Objects(
                table.size("PyObject"),
                table.offset("PyObject.ob_type"),
                table.offset("PyVarObject.ob_size"),
                table.offset("PyTypeObject.tp_name"),
                table.offset("PyTypeObject.tp_flags"),
                table.offset("PyTypeObject.tp_basicsize"),
                table.offset("PyTypeObject.tp_dictoffset"),
                table.offset("PyHeapTypeObject.ht_cached_keys"),
                table.offset("PyASCIIObject.length", "PyUnicodeObject.length"),
                table.offset("PyASCIIObject.state"),
                table.constant("PyASCIIObject.state.kind.shift"),
                table.constant("PyASCIIObject.state.compact.shift"),
                table.constant("PyASCIIObject.state.ascii.shift"),
                table.size("PyASCIIObject"),
                table.size("PyCompactUnicodeObject"),
                table.offset("PyUnicodeObject.data", "PyUnicodeObject.str"),
                table.offset("PyBytesObject.ob_sval"),
                table.offset("PyTupleObject.ob_item"),
                table.offset("PyListObject.ob_item"),
                table.offset("PyFloatObject.ob_fval"),
                table.offset("PyLongObject.long_value.lv_tag"),
                table.offset("PyLongObject.long_value.ob_digit", "PyLongObject.ob_digit"),
                table.offset("PySetObject.used"),
                table.offset("PySetObject.table"),
                table.offset("PySetObject.mask"));
    }

    private static Offsets.Dict dict(StructTable table) {
        boolean sharedKeys = table.has("PyDictObject.ma_values");
        return new Offsets.Dict(
                table.offset("PyDictObject.ma_used"),
                table.offset("PyDictObject.ma_keys", "PyDictObject.ma_table"),
                table.offset("PyDictObject.ma_values"),
                table.offset("struct _dictkeysobject.dk_size", "PyDictObject.ma_mask"),
                table.offset("struct _dictkeysobject.dk_log2_size"),
                table.offset("struct _dictkeysobject.dk_log2_index_bytes"),
                table.offset("struct _dictkeysobject.dk_kind"),
                table.offset("struct _dictkeysobject.dk_nentries"),
                table.offset(
                        "struct _dictkeysobject.dk_indices", "struct _dictkeysobject.dk_entries"),
                // To 3.10 ma_values is the array itself.
                sharedKeys ? Math.max(0, table.offset("struct _dictvalues.values")) : ABSENT);
    }

    private static long endOfLast(long... offsets) {
        long last = 0;
        for (long offset : offsets) {
            last = Math.max(last, offset);
        }
        return (last / WORD_BYTES + 1) * WORD_BYTES;
    }
}
