package jspy.layout;

import java.util.Map;
import java.util.Set;

/**
 * Writes what a target tells of its structs over what the headers of its minor version say. Fields
 * that the target does not tell stay as in the headers, except those that move with a neighbour it
 * does tell.
 */
final class DebugOffsetsOverlay {
    /** Of free-threaded builds only; the others' tables hold a 0 that is no offset. */
    private static final Set<String> FREE_THREADED_ONLY =
            Set.of(
                    "interpreter_state.gil_runtime_state_enabled",
                    "interpreter_state.tlbc_generation",
                    "interpreter_frame.tlbc_index",
                    "code_object.co_tlbc");

    private DebugOffsetsOverlay() {}

    static void apply(StructTable table, DebugOffsets target) {
        final long chunkToTop =
                distance(table, "PyThreadState.datastack_chunk", "PyThreadState.datastack_top");
        final long excInfoAfter =
                distance(table, "PyThreadState.current_exception", "PyThreadState.exc_info");
        for (Map.Entry<String, Long> entry : target.fields().entrySet()) {
            String name = DebugOffsetsNames.layoutName(entry.getKey());
            if (FREE_THREADED_ONLY.contains(entry.getKey()) && !target.freeThreaded()) {
                table.remove(name);
            } else if (DebugOffsetsNames.isSize(entry.getKey())) {
                table.resize(name, entry.getValue());
            } else {
                table.moveTo(name, entry.getValue());
            }
        }
        table.moveTo(
                "PyThreadState.datastack_top",
                target.get("thread_state.datastack_chunk") + chunkToTop);
        if (target.get("thread_state.current_exception") != Offsets.ABSENT) {
            table.moveTo(
                    "PyThreadState.exc_info",
                    target.get("thread_state.current_exception") + excInfoAfter);
        }
        long gil = target.get("interpreter_state.gil_runtime_state");
        long holder = target.get("interpreter_state.gil_runtime_state_holder") - gil;
        table.moveTo("struct _gil_runtime_state.last_holder", holder);
        long locked = target.get("interpreter_state.gil_runtime_state_locked") - gil;
        table.moveTo("struct _gil_runtime_state.locked", locked);
        // The next member: an unsigned long after an int, aligned as the two ids of a thread are.
        long longBytes =
                target.get("thread_state.native_thread_id") - target.get("thread_state.thread_id");
        long afterLocked = locked + Integer.BYTES;
        table.moveTo(
                "struct _gil_runtime_state.switch_number",
                longBytes == Integer.BYTES ? afterLocked : alignToWord(afterLocked));
        table.moveTo(
                "PyInterpreterState.gc.collecting",
                target.get("interpreter_state.gc") + target.get("gc.collecting"));
    }

    // internals

    private static long alignToWord(long offset) {
        return (offset + Long.BYTES - 1) & -Long.BYTES;
    }

    private static long distance(StructTable table, String from, String to) {
        return table.offset(to) - table.offset(from);
    }
}
