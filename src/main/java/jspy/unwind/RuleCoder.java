package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.CfiFunction;
import jspy.binary.CfiSection;
import jspy.binary.CfiState;

/** Makes {@link Rule}s of rows of call frame information. One thread. */
final class RuleCoder {
    private final Machine machine;
    private final Expressions expressions;
    private CfiSection section;
    private long first;
    private long second;

    RuleCoder(Machine machine, Expressions expressions) {
        this.machine = machine;
        this.expressions = expressions;
    }

    /** The rows that follow are this section's. */
    void use(CfiSection newSection) {
        section = newSection;
    }

    /** Codes a row; {@link #first} and {@link #second} have it then. */
    void code(CfiFunction function, CfiState state) {
        try {
            encode(function.returnAddressRegister(), state);
            if (function.isSignalFrame()) {
                first = Rule.exact(first);
            } else if (state.kind(machine.stackPointer()) != CfiState.UNSPECIFIED) {
                encodeStackPointer(state);
            }
            if (state.isReturnAddressSigned()) {
                first = Rule.signed(first);
            }
        } catch (BinaryFormatException e) {
            unknown();
        }
    }

    long first() {
        return first;
    }

    long second() {
        return second;
    }

    // internals

    private void encode(int returnRegister, CfiState state) throws BinaryFormatException {
        int returnKind = kind(state, returnRegister);
        if (state.kind(returnRegister) == CfiState.UNDEFINED) {
            first = Rule.of(Rule.ROOT);
            second = 0;
            return;
        }
        int frameKind = kind(state, machine.framePointer());
        long cfaValue =
                state.isCfaExpression() ? expression(state.cfaExpression()) : state.cfaOffset();
        long frameValue = value(state, machine.framePointer(), frameKind);
        long returnValue = value(state, returnRegister, returnKind);
        if (cfaValue != (int) cfaValue || returnValue != (int) returnValue) {
            unknown();
            return;
        }
        if (frameValue != (int) frameValue) {
            frameKind = Rule.LOST;
            frameValue = 0;
        }
        first =
                state.isCfaExpression()
                        ? Rule.first(Rule.EXPRESSION, 0, (int) cfaValue, frameKind, returnKind)
                        : Rule.first(
                                Rule.REGISTER,
                                state.cfaRegister(),
                                (int) cfaValue,
                                frameKind,
                                returnKind);
        second = Rule.second((int) frameValue, (int) returnValue);
    }

    /** The caller's stack pointer is the CFA, but setjmp's way back has it elsewhere. */
    private void encodeStackPointer(CfiState state) throws BinaryFormatException {
        long value = state.value(machine.stackPointer());
        switch (state.kind(machine.stackPointer())) {
            case CfiState.IN_REGISTER -> first = Rule.stackIn(first, (int) register(value));
            case CfiState.OFFSET -> {
                if (value != 0) {
                    first = Rule.stackIn(first, Rule.STACK_LOST);
                }
            }
            default -> first = Rule.stackIn(first, Rule.STACK_LOST);
        }
    }

    private void unknown() {
        first = Rule.of(Rule.UNKNOWN);
        second = 0;
    }

    private static int kind(CfiState state, int register) {
        return switch (state.kind(register)) {
            case CfiState.UNSPECIFIED, CfiState.SAME -> Rule.SAME;
            case CfiState.AT_OFFSET -> Rule.AT_CFA;
            case CfiState.OFFSET -> Rule.CFA_PLUS;
            case CfiState.IN_REGISTER -> Rule.IN_REGISTER;
            case CfiState.AT_EXPRESSION -> Rule.AT_EXPRESSION;
            case CfiState.EXPRESSION -> Rule.VALUE_EXPRESSION;
            default -> Rule.LOST;
        };
    }

    private long value(CfiState state, int register, int kind) throws BinaryFormatException {
        return switch (kind) {
            case Rule.AT_CFA, Rule.CFA_PLUS -> state.value(register);
            case Rule.IN_REGISTER -> register(state.value(register));
            case Rule.AT_EXPRESSION, Rule.VALUE_EXPRESSION -> expression(state.value(register));
            default -> 0;
        };
    }

    private static long register(long number) throws BinaryFormatException {
        if (number < 0 || number >= CfiState.REGISTERS) {
            throw new BinaryFormatException(
                    BinaryFormatException.Kind.UNSUPPORTED, "register %d".formatted(number));
        }
        return number;
    }

    private int expression(long handle) throws BinaryFormatException {
        int number = expressions.number(section.expression(handle));
        if (number == Expressions.NO_NUMBER) {
            throw new BinaryFormatException(
                    BinaryFormatException.Kind.UNSUPPORTED, "more expressions than are kept");
        }
        return number;
    }
}
