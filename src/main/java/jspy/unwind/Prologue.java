package jspy.unwind;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the code of an x86-64 function says of its frame: how far below its frame pointer the stack
 * pointer is wherever it calls. Told only of functions that move it once, behind {@code push %rbp;
 * mov %rsp, %rbp}, as compilers make them; found by the bytes of the instructions that move a stack
 * pointer, wherever they stand, so that data that look like one make it untold, never wrong.
 */
final class Prologue {
    static final long UNKNOWN = -1;

    /** {@code push %rbp}, then {@code mov %rsp, %rbp} among other instructions. */
    private static final int START_BYTES = 32;

    private static final int PUSH_FRAME_POINTER = 0x55;
    private static final int[] MOVE = {0x48, 0x89, 0xe5};

    /** The stack pointer is lowered within so many bytes of that. */
    private static final int REACH_BYTES = 64;

    private static final int WIDE = 0x48; // REX.W
    private static final int WITH_BYTE = 0x83; // an operation on a register by a constant
    private static final int WITH_INT = 0x81;
    private static final int ADD = 0xc4; // to %rsp
    private static final int AND = 0xe4;
    private static final int SUBTRACT = 0xec;
    private static final int SUBTRACT_REGISTER = 0x29;
    private static final int LOAD_ADDRESS = 0x8d;
    private static final int OF_STACK_POINTER = 0x64;

    private static final long ALIGNMENT = 15;

    private final MemorySegment code;
    private long reservedAt = -1;
    private long reservedBytes;

    /**
     * @param code of the whole function
     */
    private Prologue(MemorySegment code) {
        this.code = code;
    }

    /**
     * Bytes from the stack pointer to the frame pointer, or {@link #UNKNOWN}.
     *
     * @param savedBytes from the lowest register that it saved to its frame pointer
     */
    static long frameBytes(MemorySegment code, long savedBytes) {
        return new Prologue(code).frameBytes(savedBytes);
    }

    // internals

    private long frameBytes(long savedBytes) {
        long start = Math.min(START_BYTES, code.byteSize() - MOVE.length);
        long moved = 0;
        while (moved < start && !isAt(moved, MOVE)) {
            moved++;
        }
        if (moved >= start || !hasPush(moved)) {
            return UNKNOWN;
        }
        long behind = moved + MOVE.length;
        if (!isMovedOnce(behind)) {
            return UNKNOWN;
        }
        long pushedBytes = 8 * pushes(behind, reservedAt < 0 ? behind + REACH_BYTES : reservedAt);
        if (reservedAt < 0) {
            // one more is pushed where that is needed
            return savedBytes > pushedBytes ? UNKNOWN : savedBytes + ALIGNMENT & ~ALIGNMENT;
        }
        long frameBytes = reservedBytes + pushedBytes;
        boolean isPlain = pushedBytes == 0 && savedBytes <= reservedBytes;
        boolean isUsual = (isPlain || pushedBytes == savedBytes) && (frameBytes & ALIGNMENT) == 0;
        return isUsual ? frameBytes : UNKNOWN;
    }

    private boolean hasPush(long before) {
        for (long at = 0; at < before; at++) {
            if (at(at) == PUSH_FRAME_POINTER) {
                return true;
            }
        }
        return false;
    }

    /** Whether nothing moves the stack pointer but one reservation, and what takes it back. */
    private boolean isMovedOnce(long from) {
        for (long at = from; at + 7 <= code.byteSize(); at++) {
            if (at(at) != WIDE) {
                continue;
            }
            int operation = at(at + 1);
            int operand = at(at + 2);
            if (operation == SUBTRACT_REGISTER && (operand & 0xc7) == ADD
                    || operation == LOAD_ADDRESS && operand == OF_STACK_POINTER) {
                return false;
            }
            if (operation != WITH_BYTE && operation != WITH_INT) {
                continue;
            }
            long constant =
                    operation == WITH_BYTE
                            ? code.get(ValueLayout.JAVA_BYTE, at + 3)
                            : code.get(ValueLayout.JAVA_INT_UNALIGNED, at + 3);
            if (operand == AND
                    || (operand == ADD || operand == SUBTRACT)
                            && !isUsual(at, operand == ADD ? constant : -constant)) {
                return false;
            }
        }
        return reservedAt < 0 || reservedAt - from <= REACH_BYTES;
    }

    private boolean isUsual(long at, long movedBytes) {
        if (movedBytes < 0 && reservedAt < 0) {
            reservedAt = at;
            reservedBytes = -movedBytes;
            return true;
        }
        return movedBytes > 0 && movedBytes == reservedBytes;
    }

    /** Of the registers that a function must give back: rbx and r12 to r15. */
    private long pushes(long from, long to) {
        long count = 0;
        for (long at = from; at < Math.min(to, code.byteSize() - 1); at++) {
            if (at(at) == 0x41 && at(at + 1) >= 0x54 && at(at + 1) <= 0x57) {
                count++;
                at++;
            } else if (at(at) == 0x53) {
                count++;
            }
        }
        return count;
    }

    private boolean isAt(long at, int[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (at(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private int at(long at) {
        return code.get(ValueLayout.JAVA_BYTE, at) & 0xff;
    }
}
