package jspy.unwind;

import jspy.memory.LiveMemory;
import jspy.os.Linux;
import jspy.process.Mapping;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * The executable memory of a stopped process, for judging frames by what stands there: where gdb
 * has no call frame information it guesses.
 */
final class CodeAround {
    private static final int LONGEST_CALL_BYTES = 7;

    private final List<Mapping> code;
    private final LiveMemory memory;
    private final MemorySegment bytes = Arena.ofAuto().allocate(LONGEST_CALL_BYTES);

    CodeAround(int pid) throws IOException {
        code =
                TargetProcess.of(ProcFiles.system(), pid).maps().list().stream()
                        .filter(Mapping::isExecutable)
                        .toList();
        memory = new LiveMemory(new Linux(), pid);
    }

    /**
     * Without the frames that cannot be. In the trampolines of -X perf, which have no call frame
     * information and lie in memory of no file, gdb takes the word that they leave free for a
     * return address. What lies there is in no code, or is the trampoline's own first instruction,
     * left from when it was called; behind it gdb goes on rightly. A caller's address is always
     * behind a call.
     */
    List<Long> withoutGuesses(List<Long> leafFirst) {
        List<Long> kept = new ArrayList<>();
        for (long address : leafFirst) {
            boolean isLeaf = kept.isEmpty();
            if (isLeaf || !isOfNoFile(kept.getLast()) || isBehindCall(address)) {
                kept.add(address);
            }
        }
        return kept;
    }

    /** {@code file+0xoffset}, for people. */
    String name(long address) {
        Mapping mapping = mappingOrNull(address);
        return mapping == null
                ? "0x%x in no code".formatted(address)
                : "%s+0x%x"
                        .formatted(
                                mapping.isFile() ? mapping.fileName() : "[no file]",
                                address - mapping.start() + mapping.offset());
    }

    // internals

    private boolean isOfNoFile(long address) {
        Mapping mapping = mappingOrNull(address);
        return mapping != null && !mapping.isFile() && !mapping.path().startsWith("[");
    }

    private boolean isBehindCall(long address) {
        Mapping mapping = mappingOrNull(address);
        long from = address - LONGEST_CALL_BYTES;
        return mapping != null
                && from >= mapping.start()
                && memory.read(from, bytes, 0, LONGEST_CALL_BYTES) == LONGEST_CALL_BYTES
                && CallSites.endsInCall(bytes);
    }

    private Mapping mappingOrNull(long address) {
        return code.stream().filter(one -> one.contains(address)).findFirst().orElse(null);
    }
}
