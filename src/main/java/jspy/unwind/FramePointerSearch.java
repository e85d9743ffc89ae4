package jspy.unwind;

import jspy.binary.Elf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Finds the frame pointer of a function that has one, where nothing tells it: of a thread that
 * sleeps /proc tells stack and instruction pointer alone, and the C library's system calls do not
 * save it.
 *
 * <p>Behind {@code mov %rsp, %rbp} such a function pushes registers, reserves memory, and leaves
 * the stack pointer there. What its first instructions say is believed only if just one of the few
 * places that they allow has a return address behind a call that can be of this function, and the
 * {@link Unwinder} keeps it only if it leads to a root. x86-64. One thread; what was found once is
 * found again without a look into the file.
 */
final class FramePointerSearch {
    /** Other instructions may lie between those looked for. */
    private static final int START_BYTES = 32;

    private static final int PROLOGUE_BYTES = 64;

    /** rbx, r12 to r15, one for alignment, and arguments that went by the stack. */
    private static final int MAX_PUSHED = 7;

    /** At calls: System V ABI x86-64, "The Stack Frame". */
    private static final int FRAME_ALIGNMENT = 15;

    private static final byte[] PUSH_AND_MOVE = {(byte) 0x48, (byte) 0x89, (byte) 0xe5};
    private static final byte[] RESERVE_BYTE = {(byte) 0x48, (byte) 0x83, (byte) 0xec};
    private static final byte[] RESERVE_INT = {(byte) 0x48, (byte) 0x81, (byte) 0xec};
    private static final byte PUSH_FRAME_POINTER = 0x55;

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private static final int ENTRIES = 256; // a power of two
    private static final long NONE = -1;

    private final CallSites callSites;
    private final Map<Elf, FunctionStarts> starts = new IdentityHashMap<>();
    private final long[] instructions = new long[ENTRIES];
    private final long[] callers = new long[ENTRIES];
    private final long[] distances = new long[ENTRIES];
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
     * @param instruction an address in the instruction that it is at: of the call, where it called
     */
    long find(long instruction, long stackPointer, StackCopy stack) {
        int entry = (int) (instruction >>> 2) & ENTRIES - 1;
        if (instructions[entry] == instruction) {
            long known = stackPointer + distances[entry];
            if (stack.has(known + 8) && stack.word(known + 8) == callers[entry]) {
                return known;
            }
        }
        int module = modules.find(instruction);
        Elf elf = module < 0 ? null : modules.get(module).elfOrNull();
        if (elf == null) {
            return 0;
        }
        long bias = modules.get(module).bias();
        OptionalLong start =
                starts.computeIfAbsent(elf, FunctionStarts::new).of(instruction - bias);
        if (start.isEmpty()) {
            return 0;
        }
        long distance = search(start.getAsLong() + bias, stackPointer, stack);
        if (distance == NONE) {
            return 0;
        }
        instructions[entry] = instruction;
        distances[entry] = distance;
        callers[entry] = stack.word(stackPointer + distance + 8);
        return stackPointer + distance;
    }

    // internals

    private long search(long function, long stackPointer, StackCopy stack) {
        MemorySegment code = callSites.codeOrNull(function, START_BYTES + PROLOGUE_BYTES);
        if (code == null) {
            return NONE;
        }
        long moved = indexOf(code, PUSH_AND_MOVE, 0, START_BYTES);
        if (moved < 0 || indexOf(code, new byte[] {PUSH_FRAME_POINTER}, 0, moved) < 0) {
            return NONE;
        }
        long behind = moved + PUSH_AND_MOVE.length;
        long reservedBytes = reserved(code, behind);
        long found = NONE;
        for (int pushed = 0; pushed <= MAX_PUSHED; pushed++) {
            long distance = reservedBytes + pushed * 8L;
            long returnAddress = returnAddressOrZero(stackPointer + distance, stack);
            if (reservedBytes > 0 && callSites.isBehindCall(returnAddress)) {
                return distance; // below it lies what was pushed, and nothing old
            }
            if (reservedBytes == 0 && canReturn(function, returnAddress)) {
                if (found != NONE) {
                    return NONE;
                }
                found = distance;
            }
        }
        return found;
    }

    private static long reserved(MemorySegment code, long from) {
        long small = indexOf(code, RESERVE_BYTE, from, from + PROLOGUE_BYTES - 8);
        long large = indexOf(code, RESERVE_INT, from, from + PROLOGUE_BYTES - 8);
        if (small >= 0 && (large < 0 || small < large)) {
            return Math.max(0, code.get(ValueLayout.JAVA_BYTE, small + RESERVE_BYTE.length));
        }
        return large < 0 ? 0 : Math.max(0, code.get(INT, large + RESERVE_INT.length));
    }

    /** What lies behind a saved frame pointer, if one can lie there. */
    private static long returnAddressOrZero(long address, StackCopy stack) {
        boolean isThere = stack.has(address) && stack.has(address + 8);
        return (address & FRAME_ALIGNMENT) == 0 && isThere ? stack.word(address + 8) : 0;
    }

    /** Where nothing says where the pushed registers end: the call must be seen to be of it. */
    private boolean canReturn(long function, long returnAddress) {
        if (!callSites.isBehindCall(returnAddress)) {
            return false;
        }
        long called = callSites.calledOrZero(returnAddress);
        return called == function || called != 0 && !isFunction(called);
    }

    /** Else a direct call goes to an entry of the procedure linkage table. */
    private boolean isFunction(long address) {
        int module = modules.find(address);
        if (module < 0) {
            return true;
        }
        Elf elf = modules.get(module).elfOrNull();
        long bias = modules.get(module).bias();
        OptionalLong start =
                elf == null
                        ? OptionalLong.empty()
                        : starts.computeIfAbsent(elf, FunctionStarts::new).of(address - bias);
        return start.isEmpty() || start.getAsLong() + bias == address;
    }

    private static long indexOf(MemorySegment code, byte[] wanted, long from, long to) {
        long last = Math.min(to, code.byteSize()) - wanted.length;
        for (long at = from; at <= last; at++) {
            int matched = 0;
            while (matched < wanted.length
                    && code.get(ValueLayout.JAVA_BYTE, at + matched) == wanted[matched]) {
                matched++;
            }
            if (matched == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
