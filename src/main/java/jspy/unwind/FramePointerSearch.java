package jspy.unwind;

import jspy.binary.Elf;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Finds the frame pointer of a function that has one, where nothing tells it: of a thread that
 * sleeps /proc tells stack and instruction pointer alone, and the C library's system calls do not
 * save it.
 *
 * <p>Where the function's code tells how large its frame is ({@link Prologue}), and a return
 * address lies there, behind a call, that is it; the {@link Unwinder} keeps it only if it leads to
 * a root. x86-64. One thread; what was found once is found again without a look into the file.
 */
final class FramePointerSearch {
    /** Larger functions are not looked through. */
    private static final int LARGEST_BYTES = 16 << 10;

    private static final int ENTRIES = 256; // a power of two

    private final CallSites callSites;
    private final Map<Elf, FunctionFrames> frames = new IdentityHashMap<>();
    private final long[] instructions = new long[ENTRIES];
    private final long[] frameBytes = new long[ENTRIES];
    private final long[] callers = new long[ENTRIES]; // return addresses that are behind a call
    private NativeModules modules;

    FramePointerSearch(CallSites callSites) {
        this.callSites = callSites;
    }

    void use(NativeModules newModules) {
        if (newModules != modules) {
            modules = newModules;
            Arrays.fill(instructions, 0);
        }
    }

    /**
     * The frame pointer of a function whose frame begins at a stack pointer; 0 when it cannot be
     * told.
     *
     * @param instruction an address in the instruction that calls
     */
    long find(long instruction, long stackPointer, StackCopy stack) {
        int entry = (int) (instruction >>> 2) & ENTRIES - 1;
        if (instructions[entry] != instruction) {
            instructions[entry] = instruction;
            frameBytes[entry] = frameBytes(instruction);
            callers[entry] = 0;
        }
        long found = stackPointer + frameBytes[entry];
        if (frameBytes[entry] == Prologue.UNKNOWN || !stack.has(found) || !stack.has(found + 8)) {
            return 0;
        }
        long caller = stack.word(found + 8);
        if (caller != callers[entry]) {
            if (!callSites.isBehindCall(caller)) {
                return 0;
            }
            callers[entry] = caller;
        }
        return found;
    }

    // internals

    private long frameBytes(long instruction) {
        int module = modules.find(instruction);
        Elf elf = module < 0 ? null : modules.get(module).elfOrNull();
        if (elf == null) {
            return Prologue.UNKNOWN;
        }
        long bias = modules.get(module).bias();
        FunctionFrames.Frame frame =
                frames.computeIfAbsent(elf, FunctionFrames::new).atOrNull(instruction - bias);
        if (frame == null || frame.end() - frame.start() > LARGEST_BYTES) {
            return Prologue.UNKNOWN;
        }
        int codeBytes = (int) (frame.end() - frame.start());
        MemorySegment code = callSites.codeOrNull(frame.start() + bias, codeBytes);
        return code == null ? Prologue.UNKNOWN : Prologue.frameBytes(code, frame.savedBytes());
    }
}
