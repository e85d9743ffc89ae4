package jspy.sample;

import jspy.unwind.NativeModule;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which functions of the interpreter are only its way from one Python function to the next, or to
 * the C function that Python called: hidden unless every frame is asked for. And which of them tell
 * what the interpreter is doing beside running the program. Names are those of CPython 3.8 to 3.15,
 * without what a compiler appends ({@code .cold}, {@code .part.0}). One thread, which asks again
 * and again: what a name means is found out once.
 */
final class NativeFilter {
    static final String GIL = "[waiting for the GIL]";
    static final String GARBAGE = "[garbage collection]";

    private static final Set<String> GIL_WAITS = Set.of("take_gil");

    /** The outermost function of a collection in each version, and what it calls. */
    private static final Set<String> COLLECTIONS =
            Set.of(
                    "gc_collect_main",
                    "gc_collect_generations",
                    "gc_collect_with_callback",
                    "collect_with_callback",
                    "collect_generations",
                    "_PyGC_Collect",
                    "_PyGC_CollectNoFail",
                    "PyGC_Collect",
                    "_Py_RunGC");

    /** A Python function under {@code -X perf}, Python/perf_trampoline.c. */
    private static final String TRAMPOLINE = "py::";

    /** Whole names. */
    private static final Set<String> PLUMBING =
            Set.of(
                    "_PyEval_Vector",
                    "_PyEval_EvalCode",
                    "_PyEval_EvalCodeWithName",
                    "PyEval_EvalCode",
                    "PyEval_EvalCodeEx",
                    "PyEval_EvalFrame",
                    "PyEval_EvalFrameEx",
                    "_PyEval_EvalFrame",
                    "_PyEval_EvalFrameDefault",
                    "function_code_fastcall",
                    "call_function",
                    "do_call_core",
                    "PyFunction_Call",
                    "_PyFunction_Vectorcall",
                    "_PyFunction_FastCallDict",
                    "_PyFunction_FastCallKeywords",
                    "PyObject_Call",
                    "PyObject_CallObject",
                    "PyObject_CallNoArgs",
                    "PyObject_CallOneArg",
                    "PyObject_CallFunction",
                    "PyObject_CallFunctionObjArgs",
                    "PyObject_CallMethod",
                    "PyObject_CallMethodObjArgs",
                    "PyObject_Vectorcall",
                    "PyObject_VectorcallDict",
                    "PyObject_VectorcallMethod",
                    "PyVectorcall_Call",
                    "PyCFunction_Call",
                    "_PyVectorcall_Call",
                    "object_vacall",
                    "method_vectorcall",
                    "classmethoddescr_call",
                    "instancemethod_call",
                    "type_call",
                    "type_vectorcall",
                    "tp_new_wrapper",
                    "vectorcall_method",
                    "vectorcall_maybe",
                    "vectorcall_unbound",
                    "lookup_maybe_method",
                    "gen_send_ex",
                    "gen_send_ex2",
                    "gen_iternext",
                    "PyGen_Send",
                    "eval_frame_handle_pending",
                    "py_trampoline_evaluator",
                    "_Py_HandlePending");

    /** What names begin with. */
    private static final List<String> PLUMBING_BEGINNINGS =
            List.of(
                    "_PyObject_Call",
                    "_PyObject_FastCall",
                    "_PyObject_MakeTpCall",
                    "_PyObject_Vectorcall",
                    "_PyFunction_Fast",
                    "_PyCFunction_Fast",
                    "_PyMethodDef_Raw",
                    "_PyMethodDescr_",
                    "cfunction_call",
                    "cfunction_vectorcall",
                    "method_vectorcall_",
                    "wrapperdescr_",
                    "wrapper_call",
                    "slot_tp_",
                    "slot_nb_",
                    "slot_sq_",
                    "slot_mp_",
                    "_TAIL_CALL_");

    private final String interpreterFile;
    private final Map<String, Boolean> plumbing = new HashMap<>(); // by the interpreter's names

    /**
     * @param interpreterFile that holds the interpreter, as the target names it
     */
    NativeFilter(String interpreterFile) {
        this.interpreterFile = interpreterFile;
    }

    boolean isPlumbing(NativeModule module, String function) {
        if (module.path().isEmpty() && function.startsWith(TRAMPOLINE)) {
            return true; // Python's own frame says it with its line
        }
        if (!module.path().equals(interpreterFile)) {
            return false;
        }
        return plumbing.computeIfAbsent(function, NativeFilter::isPlumbing);
    }

    /** The frame that says what the function is part of, on its root side; null: nothing. */
    String markOrNull(NativeModule module, String function) {
        if (!module.path().equals(interpreterFile)) {
            return null;
        }
        String plain = plain(function);
        return GIL_WAITS.contains(plain) ? GIL : COLLECTIONS.contains(plain) ? GARBAGE : null;
    }

    // internals

    private static boolean isPlumbing(String function) {
        String plain = plain(function);
        return PLUMBING.contains(plain) || PLUMBING_BEGINNINGS.stream().anyMatch(plain::startsWith);
    }

    private static String plain(String function) {
        int dot = function.indexOf('.');
        return dot < 1 ? function : function.substring(0, dot);
    }
}
