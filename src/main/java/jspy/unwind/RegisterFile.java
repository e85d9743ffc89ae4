package jspy.unwind;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The general registers as {@code PTRACE_GETREGSET} gives them. */
public final class RegisterFile {
    /** {@code struct user_regs_struct}, sys/user.h: DWARF numbers in its order, -1 for others. */
    private static final int[] X86_64 = {
        15, 14, 13, 12, 6, 3, 11, 10, 9, 8, 0, 2, 1, 4, 5, -1, Machine.PROGRAM_COUNTER, -1, -1, 7
    };

    private static final int X86_64_BYTES = 27 * 8;

    /** {@code struct user_pt_regs}, asm/ptrace.h: x0–x30, sp, pc, pstate */
    private static final int AARCH64_BYTES = 34 * 8;

    private RegisterFile() {}

    /**
     * Takes all registers over; false when they are not those of a 64-bit thread of that machine.
     */
    public static boolean read(
            MemorySegment from, int sizeBytes, Machine machine, NativeRegisters into) {
        into.clear();
        if (machine == Machine.X86_64 && sizeBytes == X86_64_BYTES) {
            for (int i = 0; i < X86_64.length; i++) {
                if (X86_64[i] >= 0) {
                    into.set(X86_64[i], from.get(ValueLayout.JAVA_LONG, i * 8L));
                }
            }
            return true;
        }
        if (machine == Machine.AARCH64 && sizeBytes == AARCH64_BYTES) {
            for (int register = 0; register <= 31; register++) {
                into.set(register, from.get(ValueLayout.JAVA_LONG, register * 8L));
            }
            into.setProgramCounter(from.get(ValueLayout.JAVA_LONG, 32 * 8L));
            return true;
        }
        return false;
    }
}
