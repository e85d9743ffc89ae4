package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.TargetMemory;
import jspy.python.GilPlace;
import jspy.python.GilWords;
import jspy.python.PythonRuntime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The interpreters that share one GIL: what can be proved at one moment.
 *
 * @param gil address of its {@code struct _gil_runtime_state} where interpreters have their own
 * @param interpreters addresses of the {@code PyInterpreterState}s, newest first
 */
record GilDomain(long gil, long[] interpreters) {
    /** More interpreters than any process has. */
    private static final int MAX_INTERPRETERS = 4096;

    /** {@link #gil} where all interpreters share one. */
    private static final long SHARED_BY_ALL = 0;

    /** The domains of a process; empty when its interpreters cannot be read. */
    static List<GilDomain> all(TargetMemory memory, PythonRuntime runtime) {
        MemorySegment word = Arena.ofAuto().allocate(8, 8);
        Offsets offsets = runtime.offsets();
        Map<Long, List<Long>> byGil = new LinkedHashMap<>();
        long interpreter = pointer(memory, runtime.interpretersHeadAddress(), word);
        for (int n = 0; interpreter != 0 && n < MAX_INTERPRETERS; n++) {
            long gil =
                    runtime.gil() instanceof GilPlace.InInterpreters
                            ? pointer(
                                    memory, interpreter + offsets.interpreter().gilPointer(), word)
                            : SHARED_BY_ALL;
            List<Long> sharing = byGil.computeIfAbsent(gil, unused -> new ArrayList<>());
            if (sharing.contains(interpreter)) {
                break;
            }
            sharing.add(interpreter);
            interpreter = pointer(memory, interpreter + offsets.interpreter().next(), word);
        }
        List<GilDomain> domains = new ArrayList<>();
        byGil.forEach(
                (gil, all) ->
                        domains.add(
                                new GilDomain(
                                        gil, all.stream().mapToLong(Long::longValue).toArray())));
        return domains;
    }

    /** The words of the GIL; null where they cannot be found. */
    GilWords words(PythonRuntime runtime) {
        return runtime.gil().words(gil, runtime.offsets());
    }

    // internals

    private static long pointer(TargetMemory memory, long address, MemorySegment word) {
        return memory.read(address, word, 0, 8) == 8 ? word.get(ValueLayout.JAVA_LONG, 0) : 0;
    }
}
