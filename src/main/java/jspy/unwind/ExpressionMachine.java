package jspy.unwind;

/**
 * Evaluates a DWARF expression (DWARF 5 section 2.5) of call frame information over the registers
 * and the stack of one frame. Jumps and what only debuggers have are not understood; so every
 * expression ends. No allocation; one thread.
 */
final class ExpressionMachine {
    // DW_OP_*
    private static final int DEREF = 0x06;
    private static final int CONST1U = 0x08;
    private static final int CONST1S = 0x09;
    private static final int CONST2U = 0x0a;
    private static final int CONST2S = 0x0b;
    private static final int CONST4U = 0x0c;
    private static final int CONST4S = 0x0d;
    private static final int CONST8U = 0x0e;
    private static final int CONST8S = 0x0f;
    private static final int CONSTU = 0x10;
    private static final int CONSTS = 0x11;
    private static final int DUP = 0x12;
    private static final int DROP = 0x13;
    private static final int SWAP = 0x16;
    private static final int AND = 0x1a;
    private static final int MINUS = 0x1c;
    private static final int MUL = 0x1e;
    private static final int NEG = 0x1f;
    private static final int NOT = 0x20;
    private static final int OR = 0x21;
    private static final int PLUS = 0x22;
    private static final int PLUS_UCONST = 0x23;
    private static final int SHL = 0x24;
    private static final int SHR = 0x25;
    private static final int SHRA = 0x26;
    private static final int XOR = 0x27;
    private static final int EQ = 0x29;
    private static final int GE = 0x2a;
    private static final int GT = 0x2b;
    private static final int LE = 0x2c;
    private static final int LT = 0x2d;
    private static final int NE = 0x2e;
    private static final int LIT0 = 0x30;
    private static final int LIT31 = 0x4f;
    private static final int BREG0 = 0x70;
    private static final int BREG31 = 0x8f;
    private static final int BREGX = 0x92;
    private static final int NOP = 0x96;

    private static final int STACK_WORDS = 32;

    private final Machine machine;
    private final long[] stack = new long[STACK_WORDS];
    private byte[] code;
    private int at;
    private int depth;
    private int status;
    private long missing;
    private NativeRegisters registers;
    private StackCopy memory;

    ExpressionMachine(Machine machine) {
        this.machine = machine;
    }

    /**
     * Evaluates with an empty stack, as a CFA is; {@link #result} has the value then.
     *
     * @return {@link UnwindEnd#NONE}, or why it has no value
     */
    int evaluate(byte[] expression, NativeRegisters frame, StackCopy copy) {
        depth = 0;
        return run(expression, frame, copy);
    }

    /** Evaluates with the CFA on the stack, as a register's rule is. */
    int evaluate(byte[] expression, NativeRegisters frame, StackCopy copy, long cfa) {
        depth = 0;
        push(cfa);
        return run(expression, frame, copy);
    }

    long result() {
        return stack[0];
    }

    /** The address that was not copied, after {@link UnwindEnd#STACK_EDGE}. */
    long missing() {
        return missing;
    }

    // internals

    private int run(byte[] expression, NativeRegisters frame, StackCopy copy) {
        code = expression;
        registers = frame;
        memory = copy;
        at = 0;
        status = UnwindEnd.NONE;
        while (at < code.length && status == UnwindEnd.NONE) {
            step(u8());
        }
        if (status == UnwindEnd.NONE && depth == 0) {
            return UnwindEnd.UNKNOWN_RULE;
        }
        stack[0] = stack[depth == 0 ? 0 : depth - 1];
        return status;
    }

    private void step(int operation) {
        if (operation >= LIT0 && operation <= LIT31) {
            push(operation - LIT0);
        } else if (operation >= BREG0 && operation <= BREG31) {
            pushRegister(operation - BREG0);
        } else {
            other(operation);
        }
    }

    private void other(int operation) {
        switch (operation) {
            case NOP -> {}
            case DEREF -> push(read(pop()));
            case CONST1U -> push(u8());
            case CONST1S -> push((byte) u8());
            case CONST2U -> push(number(2));
            case CONST2S -> push((short) number(2));
            case CONST4U -> push(number(4));
            case CONST4S -> push((int) number(4));
            case CONST8U, CONST8S -> push(number(8));
            case CONSTU -> push(leb(false));
            case CONSTS -> push(leb(true));
            case BREGX -> pushRegister(leb(false));
            case PLUS_UCONST -> push(pop() + leb(false));
            case DROP -> pop();
            case DUP -> {
                long value = pop();
                push(value);
                push(value);
            }
            case NEG -> push(-pop());
            case NOT -> push(~pop());
            default -> binary(operation);
        }
    }

    private void binary(int operation) {
        long right = pop();
        long left = pop();
        switch (operation) {
            case SWAP -> {
                push(right);
                push(left);
            }
            case AND -> push(left & right);
            case OR -> push(left | right);
            case XOR -> push(left ^ right);
            case PLUS -> push(left + right);
            case MINUS -> push(left - right);
            case MUL -> push(left * right);
            case SHL -> push(right < 0 || right > 63 ? 0 : left << right);
            case SHR -> push(right < 0 || right > 63 ? 0 : left >>> right);
            case SHRA -> push(left >> (right < 0 || right > 63 ? 63 : right));
            case EQ -> push(left == right ? 1 : 0);
            case NE -> push(left != right ? 1 : 0);
            case GE -> push(left >= right ? 1 : 0);
            case GT -> push(left > right ? 1 : 0);
            case LE -> push(left <= right ? 1 : 0);
            case LT -> push(left < right ? 1 : 0);
            default -> fail(UnwindEnd.UNKNOWN_RULE);
        }
    }

    private void pushRegister(long register) {
        long offset = leb(true);
        int known =
                register == machine.returnAddress() && !machine.hasLinkRegister()
                        ? Machine.PROGRAM_COUNTER
                        : (int) register;
        if (register < 0 || register >= Machine.PROGRAM_COUNTER || !registers.isKnown(known)) {
            fail(UnwindEnd.NO_REGISTER);
            return;
        }
        push(registers.get(known) + offset);
    }

    private long read(long address) {
        if (status != UnwindEnd.NONE) {
            return 0;
        }
        if (!memory.has(address)) {
            missing = address;
            fail(UnwindEnd.STACK_EDGE);
            return 0;
        }
        return memory.word(address);
    }

    private void push(long value) {
        if (depth == STACK_WORDS) {
            fail(UnwindEnd.UNKNOWN_RULE);
        } else {
            stack[depth++] = value;
        }
    }

    private long pop() {
        if (depth == 0) {
            fail(UnwindEnd.UNKNOWN_RULE);
            return 0;
        }
        return stack[--depth];
    }

    private int u8() {
        if (at >= code.length) {
            fail(UnwindEnd.UNKNOWN_RULE);
            return 0;
        }
        return code[at++] & 0xff;
    }

    private long number(int lengthBytes) {
        long value = 0;
        for (int i = 0; i < lengthBytes; i++) {
            value |= (long) u8() << (8 * i);
        }
        return value;
    }

    private long leb(boolean isSigned) {
        long value = 0;
        int shift = 0;
        int part;
        do {
            part = u8();
            value |= shift < 64 ? (long) (part & 0x7f) << shift : 0;
            shift += 7;
        } while ((part & 0x80) != 0 && status == UnwindEnd.NONE);
        return isSigned && shift < 64 && (part & 0x40) != 0 ? value | -1L << shift : value;
    }

    /** The first reason counts. */
    private void fail(int reason) {
        if (status == UnwindEnd.NONE) {
            status = reason;
        }
    }
}
