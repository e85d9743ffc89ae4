package jspy.unwind;

import java.util.Arrays;

/**
 * Finds the native frames of a thread: from its registers and a copy of its stack, by the call
 * frame information of the code it is in; where that is missing by frame pointers, if what they
 * lead to proves to be a caller. The frames are there until the next stack is unwound.
 *
 * <p>Frame 0 is the leaf. Each caller's frame must lie above the one it called, so the copy's size
 * bounds the work whatever the stack holds. One thread; allocates only to grow.
 */
public final class Unwinder {
    /** The program counter is at the instruction that runs next, not behind a call. */
    public static final byte EXACT = 1;

    /** Found by a frame pointer, without call frame information. */
    public static final byte BY_FRAME_POINTER = 2;

    /** Found by what lies on the stack; all above it was proved up to the root. */
    public static final byte RECOVERED = 4;

    /** A hand-written function keeps its caller's address within so much of its anchor. */
    private static final int RECOVERY_BYTES = 256;

    /** For a leaf's recovery so much more of the stack is asked for: kernels' frames are large. */
    private static final long RECOVERY_REACH_BYTES = 256 << 10;

    /** Return addresses that are tried before a leaf is given up. */
    private static final int MAX_RECOVERIES = 16;

    /** The caller's frame pointer and the return address. */
    private static final int FRAME_BYTES = 16;

    /** System V ABI and AAPCS64: stacks are aligned to 16 bytes at calls; slots to 8 always. */
    private static final long ALIGNMENT = 7;

    private final Machine machine;
    private final RuleCache rules = new RuleCache();
    private final SavedRegisters saved;
    private final SignalRegisters signals;
    private final CallSites callSites;
    private final FramePointerSearch framePointers;
    private final NativeRegisters frame = new NativeRegisters();
    private final long callerRegisters;

    private long[] programCounters = new long[256];
    private long[] stackPointers = new long[256];
    private int[] owners = new int[256];
    private byte[] flags = new byte[256];
    private int count;
    private long end;

    private StackCopy stack;
    private boolean isExact;
    private byte how;
    private boolean isRecovering;
    private final NativeRegisters leaf = new NativeRegisters();

    Unwinder(Machine machine, Expressions expressions) {
        this.machine = machine;
        saved = new SavedRegisters(machine, expressions, frame);
        signals = new SignalRegisters(machine, frame);
        callSites = new CallSites(machine);
        framePointers = new FramePointerSearch(callSites);
        callerRegisters =
                1L << machine.stackPointer()
                        | 1L << machine.framePointer()
                        | 1L << Machine.PROGRAM_COUNTER;
    }

    /**
     * Unwinds a thread.
     *
     * @param modules what code the process has
     * @param registers at least program counter and stack pointer are known; left as they are
     * @param stack the copy from the stack pointer on
     * @return why it ended: {@link UnwindEnd}
     */
    public int unwind(NativeModules modules, NativeRegisters registers, StackCopy stack) {
        rules.use(modules);
        callSites.use(modules);
        framePointers.use(modules);
        frame.copyFrom(registers);
        this.stack = stack;
        saved.use(stack);
        count = 0;
        isExact = true;
        how = 0;
        isRecovering = false;
        return run();
    }

    /** Frames found. */
    public int count() {
        return count;
    }

    public long programCounter(int frameIndex) {
        return programCounters[frameIndex];
    }

    /** Lowest address of the frame; it reaches to the next one's. */
    public long stackPointer(int frameIndex) {
        return stackPointers[frameIndex];
    }

    /** Index in the modules that were given, -1 when the program counter is in none. */
    public int module(int frameIndex) {
        return owners[frameIndex];
    }

    public boolean isExact(int frameIndex) {
        return (flags[frameIndex] & EXACT) != 0;
    }

    public boolean isByFramePointer(int frameIndex) {
        return (flags[frameIndex] & BY_FRAME_POINTER) != 0;
    }

    /**
     * Whether what lies between this frame and the one before was found without its code's help.
     */
    public boolean isRecovered(int frameIndex) {
        return (flags[frameIndex] & RECOVERED) != 0;
    }

    /** Where the last frame ends as far as it is known; else where it begins. */
    public long end() {
        return end;
    }

    /**
     * The address on the stack that was needed and not copied, after {@link UnwindEnd#STACK_EDGE}.
     */
    public long missing() {
        return saved.missing();
    }

    // internals

    private int run() {
        int ended = UnwindEnd.NONE;
        while (ended == UnwindEnd.NONE) {
            ended = step();
        }
        return ended;
    }

    /** Records the frame and moves on to its caller. */
    private int step() {
        long pc = frame.programCounter();
        long sp = frame.get(machine.stackPointer());
        boolean isCode = rules.find(isExact ? pc : pc - 1);
        record(pc, sp, isCode ? rules.module() : -1);
        end = sp;
        if (!isCode) {
            return pc == 0 ? UnwindEnd.NO_RETURN_ADDRESS : UnwindEnd.NO_CODE;
        }
        how = 0;
        long first = rules.first();
        return switch (Rule.cfaKind(first)) {
            case Rule.ROOT -> UnwindEnd.ROOT;
            case Rule.NONE -> withoutRule(pc, sp);
            case Rule.REGISTER, Rule.EXPRESSION -> follow(first, rules.second(), sp);
            default -> UnwindEnd.UNKNOWN_RULE;
        };
    }

    private int follow(long first, long second, long sp) {
        int based = saved.findCfa(first);
        if (based == UnwindEnd.NO_REGISTER && isByFrame(first) && !isRecovering) {
            return withoutFramePointer(first, second, sp);
        }
        if (based != UnwindEnd.NONE) {
            return based;
        }
        long cfa = saved.found();
        long callerStack = cfa;
        int stackRegister = Rule.stackRegister(first);
        if (stackRegister >= 0) {
            if (stackRegister == Rule.STACK_LOST) {
                return UnwindEnd.UNKNOWN_RULE;
            }
            if (!frame.isKnown(stackRegister)) {
                return UnwindEnd.NO_REGISTER;
            }
            callerStack = frame.get(stackRegister);
        }
        boolean isInterrupted = Rule.isExact(first);
        if (!isInterrupted && !isAbove(callerStack, sp)) {
            return UnwindEnd.NOT_GROWING;
        }
        int status = saved.findReturnAddress(first, second, cfa);
        if (status != UnwindEnd.NONE) {
            return status;
        }
        long returnAddress = saved.found();
        boolean keepsFrame = saved.findFramePointer(first, second, cfa);
        long framePointer = saved.found();
        if (isInterrupted && signals.restore(sp, returnAddress, callerStack, stack)) {
            isExact = true;
            end = callerStack;
            return isAbove(callerStack, sp) ? UnwindEnd.NONE : anotherStack(sp, callerStack);
        }
        frame.keepOnly(callerRegisters & (keepsFrame ? -1L : ~(1L << machine.framePointer())));
        if (keepsFrame) {
            frame.set(machine.framePointer(), framePointer);
        }
        moveTo(returnAddress, callerStack, isInterrupted);
        return isInterrupted && !isAbove(callerStack, sp)
                ? anotherStack(sp, callerStack)
                : UnwindEnd.NONE;
    }

    /** As compilers leave it behind {@code push %rbp; mov %rsp, %rbp}. */
    private boolean isByFrame(long first) {
        return Rule.cfaKind(first) == Rule.REGISTER
                && Rule.cfaRegister(first) == machine.framePointer()
                && Rule.cfaValue(first) == FRAME_BYTES
                && Rule.returnKind(first) == Rule.AT_CFA
                && !machine.hasLinkRegister();
    }

    /** A frame pointer that nobody told is believed if all above it is there, up to a root. */
    private int withoutFramePointer(long first, long second, long sp) {
        long pc = frame.programCounter();
        // only where it calls is the stack pointer sure to be where the prologue left it
        boolean calls = !isExact || callSites.isBehindSystemCall(pc);
        long found = calls ? framePointers.find(isExact ? pc : pc - 1, sp, stack) : 0;
        if (found == 0) {
            return UnwindEnd.NO_REGISTER;
        }
        isRecovering = true;
        int frames = count;
        frame.set(machine.framePointer(), found);
        int ended = follow(first, second, sp);
        if (ended == UnwindEnd.NONE) {
            ended = run();
        }
        if (ended == UnwindEnd.ROOT || ended == UnwindEnd.STACK_EDGE) {
            return ended;
        }
        count = frames;
        end = sp;
        return UnwindEnd.NO_REGISTER;
    }

    /** A leaf of a machine with a link register may use no stack at all. */
    private boolean isAbove(long callerStack, long sp) {
        return (callerStack & ALIGNMENT) == 0
                && (callerStack - sp > 0
                        || callerStack == sp && isExact && machine.hasLinkRegister());
    }

    /**
     * A signal handler runs on a stack of its own: the interrupted one lies anywhere, and may not
     * have been copied. There is no way back from it, so this happens once at most.
     */
    private int anotherStack(long sp, long callerStack) {
        return (callerStack & ALIGNMENT) == 0 && stack.changes(sp, callerStack)
                ? UnwindEnd.NONE
                : saved.needs(callerStack);
    }

    private void moveTo(long programCounter, long stackPointer, boolean newIsExact) {
        frame.setProgramCounter(programCounter);
        frame.set(machine.stackPointer(), stackPointer);
        end = stackPointer;
        isExact = newIsExact;
    }

    /** Code without call frame information: what its bytes say, then the frame pointer. */
    private int withoutRule(long pc, long sp) {
        if (callSites.isSignalReturn(pc)) {
            return signalReturn(sp);
        }
        if (isExact && !isRecovering) {
            int recovered = recover(sp);
            if (recovered != UnwindEnd.NO_RULE) {
                return recovered;
            }
        }
        long fp = frame.get(machine.framePointer());
        if (!frame.isKnown(machine.framePointer())) {
            return UnwindEnd.NO_RULE;
        }
        if (fp == 0 && !isExact) {
            return UnwindEnd.ROOT; // the ABI's mark of the first frame, in code that has no table
        }
        if ((fp & ALIGNMENT) != 0 || fp - sp < 0 || !stack.has(fp) || !stack.has(fp + 8)) {
            return UnwindEnd.NO_RULE;
        }
        long caller = stack.word(fp + 8);
        if (machine.hasLinkRegister()) {
            caller &= Machine.CODE_POINTER;
        }
        if (!callSites.isBehindCall(caller)) {
            return UnwindEnd.NO_RULE;
        }
        how = BY_FRAME_POINTER;
        frame.keepOnly(callerRegisters);
        frame.set(machine.framePointer(), stack.word(fp));
        moveTo(caller, fp + 16, false);
        return UnwindEnd.NONE;
    }

    /**
     * Hand-written kernels (OpenBLAS) keep their caller's stack pointer in a register that they
     * must restore, and have no call frame information. A return address near what such a register
     * points to is believed only if unwinding from there ends at a root. Of 483 stacks so found
     * none was wrong, and the first candidate was it. Where the copy ends before that can be said,
     * more of the stack is needed.
     */
    private int recover(long sp) {
        isRecovering = true;
        long wanted = 0;
        leaf.copyFrom(frame);
        int leafFrames = count;
        long leafEnd = end;
        int tries = 0;
        for (int register : machine.calleeSaved()) {
            long anchor = leaf.get(register);
            if (!leaf.isKnown(register) || (anchor & ALIGNMENT) != 0 || anchor - sp < 0) {
                continue;
            }
            for (long at = anchor; at < anchor + RECOVERY_BYTES; at += 8) {
                if (!stack.has(at)) {
                    wanted = wanted == 0 && canWant(at) ? at : wanted;
                    break;
                }
                if (!callSites.isBehindCall(stack.word(at))) {
                    continue;
                }
                frame.clear();
                moveTo(stack.word(at), at + 8, false);
                how = RECOVERED;
                int ended = run();
                if (ended == UnwindEnd.ROOT) {
                    return UnwindEnd.ROOT;
                }
                if (ended == UnwindEnd.STACK_EDGE && wanted == 0 && canWant(saved.missing())) {
                    wanted = saved.missing();
                }
                count = leafFrames;
                if (++tries == MAX_RECOVERIES) {
                    break;
                }
            }
        }
        frame.copyFrom(leaf);
        isExact = true;
        how = 0;
        end = leafEnd;
        saved.needsNothing();
        return wanted == 0 ? UnwindEnd.NO_RULE : saved.needs(wanted);
    }

    private boolean canWant(long address) {
        return stack.couldHave(address, RECOVERY_REACH_BYTES);
    }

    private int signalReturn(long sp) {
        if (!signals.isThere(sp, stack)) {
            return saved.needs(signals.last(sp));
        }
        signals.restore(sp, stack);
        isExact = true;
        end = frame.get(machine.stackPointer());
        return end - sp > 0 && (end & ALIGNMENT) == 0 ? UnwindEnd.NONE : anotherStack(sp, end);
    }

    private void record(long pc, long sp, int module) {
        if (count == programCounters.length) {
            programCounters = Arrays.copyOf(programCounters, count * 2);
            stackPointers = Arrays.copyOf(stackPointers, count * 2);
            owners = Arrays.copyOf(owners, count * 2);
            flags = Arrays.copyOf(flags, count * 2);
        }
        programCounters[count] = pc;
        stackPointers[count] = sp;
        owners[count] = module;
        flags[count++] = (byte) (how | (isExact ? EXACT : 0));
    }
}
