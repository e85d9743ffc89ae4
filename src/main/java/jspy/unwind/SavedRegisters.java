package jspy.unwind;

/**
 * Finds what a rule says of a frame's caller: where its frame begins, where it goes on, which frame
 * pointer it had. Every search gives {@link UnwindEnd#NONE} and {@link #found}, or why it failed.
 * One thread; no allocation.
 */
final class SavedRegisters {
    private final Machine machine;
    private final Expressions expressions;
    private final ExpressionMachine calculator;
    private final NativeRegisters frame;
    private StackCopy stack;
    private long found;
    private long missing;

    /**
     * @param frame the registers of the frame at hand, which the unwinder moves on
     */
    SavedRegisters(Machine machine, Expressions expressions, NativeRegisters frame) {
        this.machine = machine;
        this.expressions = expressions;
        this.frame = frame;
        calculator = new ExpressionMachine(machine);
    }

    /** Another stack is unwound. */
    void use(StackCopy another) {
        stack = another;
        missing = 0;
    }

    /** What the last search found. */
    long found() {
        return found;
    }

    /** The address on the stack that was needed and not copied; 0: none. */
    long missing() {
        return missing;
    }

    /** Nothing can be found without that address. */
    int needs(long address) {
        missing = address;
        return UnwindEnd.STACK_EDGE;
    }

    void needsNothing() {
        missing = 0;
    }

    /** The canonical frame address: the stack pointer before the call. */
    int findCfa(long first) {
        if (Rule.cfaKind(first) == Rule.REGISTER) {
            int register = Rule.cfaRegister(first);
            if (!frame.isKnown(register)) {
                return UnwindEnd.NO_REGISTER;
            }
            found = frame.get(register) + Rule.cfaValue(first);
        } else {
            int status = calculator.evaluate(expressions.get(Rule.cfaValue(first)), frame, stack);
            if (status != UnwindEnd.NONE) {
                missing = calculator.missing();
                return status;
            }
            found = calculator.result();
        }
        return UnwindEnd.NONE;
    }

    int findReturnAddress(long first, long second, long cfa) {
        int value = Rule.returnValue(second);
        int kind = Rule.returnKind(first);
        int status =
                kind == Rule.SAME ? inRegister(machine.returnAddress()) : saved(kind, value, cfa);
        if (status != UnwindEnd.NONE) {
            return status;
        }
        if (machine.hasLinkRegister() && (found & ~Machine.CODE_POINTER) != 0) {
            found &= Machine.CODE_POINTER;
        }
        return found == 0 ? UnwindEnd.NO_RETURN_ADDRESS : UnwindEnd.NONE;
    }

    /** Whether the caller's frame pointer is known; not knowing it is no end yet. */
    boolean findFramePointer(long first, long second, long cfa) {
        int kind = Rule.frameKind(first);
        if (kind == Rule.SAME) {
            return inRegister(machine.framePointer()) == UnwindEnd.NONE;
        }
        long missingBefore = missing;
        boolean isKnown = saved(kind, Rule.frameValue(second), cfa) == UnwindEnd.NONE;
        missing = missingBefore;
        return isKnown;
    }

    // internals

    private int saved(int kind, int value, long cfa) {
        switch (kind) {
            case Rule.AT_CFA:
                return at(cfa + value);
            case Rule.CFA_PLUS:
                found = cfa + value;
                return UnwindEnd.NONE;
            case Rule.IN_REGISTER:
                return inRegister(value);
            case Rule.AT_EXPRESSION:
            case Rule.VALUE_EXPRESSION:
                int status = calculator.evaluate(expressions.get(value), frame, stack, cfa);
                if (status != UnwindEnd.NONE) {
                    missing = calculator.missing();
                    return status;
                }
                found = calculator.result();
                return kind == Rule.AT_EXPRESSION ? at(found) : UnwindEnd.NONE;
            default:
                return UnwindEnd.NO_REGISTER;
        }
    }

    private int inRegister(int register) {
        if (!frame.isKnown(register)) {
            return UnwindEnd.NO_REGISTER;
        }
        found = frame.get(register);
        return UnwindEnd.NONE;
    }

    private int at(long address) {
        if (!stack.has(address)) {
            return needs(address);
        }
        found = stack.word(address);
        return UnwindEnd.NONE;
    }
}
