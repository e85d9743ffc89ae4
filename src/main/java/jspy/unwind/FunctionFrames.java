package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.CfiFunction;
import jspy.binary.CfiState;
import jspy.binary.Elf;

/**
 * Where the functions of an x86-64 binary begin, and how far below its frame pointer each saves
 * registers, by its call frame information. Addresses are the file's own. One thread.
 */
final class FunctionFrames {
    /**
     * A function at one of its instructions.
     *
     * @param start its first instruction
     * @param end one behind the last
     * @param savedBytes from the lowest register that it has saved to its frame pointer; 0: none
     */
    record Frame(long start, long end, long savedBytes) {}

    /** From the frame pointer to the canonical frame address. */
    private static final int FRAME_BYTES = 16;

    private static final int GENERAL_REGISTERS = 16; // DWARF numbers

    private final FunctionStarts functions;

    FunctionFrames(Elf elf) {
        functions = new FunctionStarts(elf);
    }

    /** The function at an instruction; null where nothing is known of it. */
    Frame atOrNull(long instruction) {
        CfiFunction function = functions.functionOrNull(instruction);
        if (function == null) {
            return null;
        }
        long[] saved = new long[1];
        try {
            functions.rows(
                    function,
                    (start, state) -> {
                        if (Long.compareUnsigned(start, instruction) <= 0) {
                            saved[0] = savedBytes(state);
                        }
                    });
        } catch (BinaryFormatException e) {
            return null;
        }
        return new Frame(function.start(), function.end(), saved[0]);
    }

    // internals

    private static long savedBytes(CfiState state) {
        long lowest = -FRAME_BYTES;
        for (int register = 0; register < GENERAL_REGISTERS; register++) {
            if (state.kind(register) == CfiState.AT_OFFSET) {
                lowest = Math.min(lowest, state.value(register));
            }
        }
        return -FRAME_BYTES - lowest;
    }
}
