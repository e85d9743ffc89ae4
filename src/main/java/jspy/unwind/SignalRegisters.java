package jspy.unwind;

/**
 * All registers of code that a signal interrupted, as the kernel saved them on the stack for the
 * way back from the handler. One thread; no allocation.
 */
final class SignalRegisters {
    private final Machine machine;
    private final NativeRegisters frame;

    /**
     * @param frame the registers of the frame at hand, which the unwinder moves on
     */
    SignalRegisters(Machine machine, NativeRegisters frame) {
        this.machine = machine;
        this.frame = frame;
    }

    /** Where the last of them lies for a handler's trampoline with that stack pointer. */
    long last(long sp) {
        return sp + machine.signalRegisters() + (machine.signalOrder().length - 1) * 8L;
    }

    boolean isThere(long sp, StackCopy stack) {
        return stack.has(sp + machine.signalRegisters()) && stack.has(last(sp));
    }

    /** Moves on to the code that was interrupted; they have to be there. */
    void restore(long sp, StackCopy stack) {
        int[] order = machine.signalOrder();
        for (int i = 0; i < order.length; i++) {
            frame.set(order[i], saved(sp, i, stack));
        }
    }

    /** The same if program counter and stack pointer are these; else what lies there is not it. */
    boolean restore(long sp, long programCounter, long stackPointer, StackCopy stack) {
        if (!isThere(sp, stack)) {
            return false;
        }
        int[] order = machine.signalOrder();
        for (int i = 0; i < order.length; i++) {
            long value = saved(sp, i, stack);
            if (order[i] == Machine.PROGRAM_COUNTER && value != programCounter
                    || order[i] == machine.stackPointer() && value != stackPointer) {
                return false;
            }
        }
        restore(sp, stack);
        return true;
    }

    // internals

    private long saved(long sp, int index, StackCopy stack) {
        return stack.word(sp + machine.signalRegisters() + index * 8L);
    }
}
