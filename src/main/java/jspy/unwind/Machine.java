package jspy.unwind;

/**
 * What unwinding must know of a processor: DWARF numbers of registers, and where the kernel puts
 * them on the stack for a signal handler.
 *
 * @param stackPointer DWARF number
 * @param framePointer DWARF number
 * @param returnAddress DWARF number: rip, which is no general register, or the link register
 * @param hasLinkRegister a call leaves the return address in a register, not on the stack
 * @param signalRegisters offset from the stack pointer in a handler's trampoline to the saved
 *     registers, in the order of {@link #signalOrder}
 * @param signalOrder DWARF numbers of the saved registers, eight bytes each; the program counter is
 *     {@link #PROGRAM_COUNTER}
 * @param calleeSaved DWARF numbers of the registers that a function must give back as it got them
 */
public record Machine(
        String name,
        int stackPointer,
        int framePointer,
        int returnAddress,
        boolean hasLinkRegister,
        int signalRegisters,
        int[] signalOrder,
        int[] calleeSaved) {

    /** In lists of registers, where the program counter has no DWARF number. */
    static final int PROGRAM_COUNTER = 33;

    /** aarch64: bits of a code pointer that address; the rest may be an authentication code. */
    static final long CODE_POINTER = (1L << 48) - 1;

    /**
     * System V ABI x86-64, "DWARF Register Number Mapping"; {@code struct rt_sigframe} (the
     * trampoline's stack pointer is at its ucontext) and {@code struct sigcontext_64},
     * asm/sigcontext.h
     */
    public static final Machine X86_64 =
            new Machine(
                    "x86-64",
                    7,
                    6,
                    16,
                    false,
                    40,
                    new int[] {
                        8, 9, 10, 11, 12, 13, 14, 15, 5, 4, 6, 3, 1, 0, 2, 7, PROGRAM_COUNTER
                    },
                    new int[] {3, 6, 12, 13, 14, 15});

    /**
     * DWARF for the Arm 64-bit Architecture; {@code struct rt_sigframe}: siginfo of 128 bytes, then
     * the ucontext, whose {@code sigcontext} starts with the fault address, asm/sigcontext.h
     */
    public static final Machine AARCH64 =
            new Machine(
                    "aarch64",
                    31,
                    29,
                    30,
                    true,
                    312,
                    aarch64SignalOrder(),
                    new int[] {29, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28});

    /** x0–x30, sp, pc */
    private static int[] aarch64SignalOrder() {
        int[] order = new int[33];
        for (int register = 0; register < 32; register++) {
            order[register] = register;
        }
        order[32] = PROGRAM_COUNTER;
        return order;
    }
}
