package jspy.unwind;

import jspy.memory.TargetMemory;
import jspy.process.MemoryMaps;
import jspy.process.TargetProcess;
import jspy.process.ThreadStates;
import jspy.process.ThreadStopper;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Reads the native stack of one thread after the other: of one that sleeps in the kernel without
 * stopping it, proved by its switch count; else the thread alone is stopped while its registers and
 * its stack are copied, and unwound when it runs again.
 *
 * <p>On the thread that made its {@link ThreadStopper}. After {@link #read} the {@link #unwinder}
 * has the frames.
 */
public final class NativeStackReader implements NativeStacks {
    /** What copies a stack, and whatever else, while its thread stands still. */
    public interface Still {
        /** How much of the stack is to be copied, in bytes. */
        int stackBytes();

        /** So much turned out to be needed. */
        void needsStack(int bytes);

        /**
         * Copies; must neither block nor throw.
         *
         * @return false when nothing of the stack could be copied
         */
        boolean read(long stackAddress, int stackBytes, StackCopy into);
    }

    /** rax and x0: the DWARF number of the register of a system call's result. */
    private static final int RETURN_VALUE = 0;

    private static final int ANY_WAY = 0;
    private static final int ASLEEP_ONLY = 1;
    private static final int STOPPED_ONLY = 2;

    /** Read without stopping it; its switch count proves that it did not run. */
    public static final int ASLEEP = 0;

    /** Stopped and read. */
    public static final int STOPPED = 1;

    /** It ran while it was read and may not be stopped, or did not stop in time. */
    public static final int MOVED = -1;

    public static final int ENDED = -2;
    public static final int DENIED = -3;

    /** Its memory or its registers could not be read. */
    public static final int UNREADABLE = -4;

    /** Copied at first; most stacks of CPython are smaller. */
    private static final int FIRST_BYTES = 64 << 10;

    /** System V ABI x86-64, "The Stack Frame": signal handlers leave so much below it alone. */
    private static final long RED_ZONE_BYTES = 128;

    /** A copy that was too short is made again, of a stack that may have grown meanwhile. */
    private static final int MAX_GROWTHS = 4;

    /** The usual limit of a stack is 8 MiB. */
    private static final int LARGEST_BYTES = 16 << 20;

    /** Copied of a stack that a handler on another one interrupted. */
    private static final int INTERRUPTED_BYTES = 256 << 10;

    private final TargetProcess process;
    private final NativeCode code;
    private final TargetMemory memory;
    private final ThreadStates states;
    private final ThreadStopper stopperOrNull;
    private final Unwinder unwinder;
    private final NativeRegisters registers = new NativeRegisters();
    private final StackCopy stack = new StackCopy();
    private final MemorySegment registerBytes =
            Arena.ofAuto().allocate(ThreadStopper.MAX_REGISTER_BYTES, 8);
    private MemorySegment buffer = Arena.ofAuto().allocate(FIRST_BYTES, 64);
    private StackRanges ranges;
    private boolean areRangesOld; // the last stack lies in none of them
    private int end;

    /** On the stack that the thread was interrupted on, if its handler has another; else 0. */
    private long interruptedAt;

    private MemorySegment interrupted;

    public NativeStackReader(
            TargetProcess process,
            NativeCode code,
            TargetMemory memory,
            ThreadStates states,
            ThreadStopper stopperOrNull)
            throws IOException {
        this.process = process;
        this.code = code;
        this.memory = memory;
        this.states = states;
        this.stopperOrNull = stopperOrNull;
        unwinder = code.unwinder();
        refresh();
    }

    /** Reads a thread's stack; one of the constants above. */
    @Override
    public int read(int thread, WhileStill whileStill) {
        return read(thread, new OwnBuffer(whileStill), ANY_WAY);
    }

    /** Reads a thread that sleeps, without stopping it; {@link #MOVED} when it does not. */
    public int readAsleep(int thread, Still still) {
        return read(thread, still, ASLEEP_ONLY);
    }

    /** Stops a thread and reads it. */
    public int readStopped(int thread, Still still) {
        return read(thread, still, STOPPED_ONLY);
    }

    /**
     * Lets a thread go that stopped after it was given up; true when none is pending. To be called
     * every few milliseconds until then.
     */
    public boolean settle() {
        if (stopperOrNull == null || stopperOrNull.lateThreads() == 0) {
            return true;
        }
        stopperOrNull.settle();
        return stopperOrNull.lateThreads() == 0;
    }

    /**
     * By the value that a system call which a stop interrupts leaves for its restart, {@code
     * -ERESTARTSYS} to {@code -ERESTART_RESTARTBLOCK}: no program ever sees it. linux/errno.h
     */
    @Override
    public boolean slept() {
        long result = registers.get(RETURN_VALUE);
        return !registers.isKnown(RETURN_VALUE) || result <= -512 && result >= -516;
    }

    /** Why the last stack ends where it does: {@link UnwindEnd}. */
    @Override
    public int end() {
        return end;
    }

    /** Has the frames of the last stack. */
    @Override
    public Unwinder unwinder() {
        return unwinder;
    }

    /** Registers and stack as they were copied, until the next {@link #read}. */
    public NativeRegisters registers() {
        return registers;
    }

    @Override
    public StackCopy stack() {
        return stack;
    }

    /** Looks at the process's mappings again; true when its code changed. */
    public boolean refresh() {
        try {
            MemoryMaps maps = process.maps();
            ranges = new StackRanges(maps);
            return code.refresh(maps);
        } catch (IOException e) {
            return false; // it ended: the next read says so
        }
    }

    // internals

    private int read(int thread, Still still, int way) {
        settle();
        interruptedAt = 0;
        int result = attempt(thread, still, way);
        if ((areRangesOld || result >= 0 && end == UnwindEnd.NO_CODE) && refresh() && result >= 0) {
            end = unwinder.unwind(code.modules(), registers, stack);
        }
        for (int i = 0; i < MAX_GROWTHS; i++) {
            if (result < 0
                    || end != UnwindEnd.STACK_EDGE
                    || !canGrow(still) && !isOnAnotherStack()) {
                break;
            }
            result = attempt(thread, still, way);
        }
        return result;
    }

    private int attempt(int thread, Still still, int way) {
        return switch (way) {
            case ASLEEP_ONLY -> copyAsleep(thread, still);
            case STOPPED_ONLY -> copyStopped(thread, still);
            default -> attempt(thread, still);
        };
    }

    private int attempt(int thread, Still still) {
        int asleep = copyAsleep(thread, still);
        boolean isWhole = asleep == ASLEEP && end != UnwindEnd.NO_REGISTER;
        if (isWhole || asleep == ENDED || stopperOrNull == null) {
            return asleep;
        }
        int stopped = copyStopped(thread, still);
        if (stopped >= 0 || asleep < 0) {
            return stopped;
        }
        return asleep; // truncated, but proved
    }

    private int copyAsleep(int thread, Still still) {
        int looked = states.lookAtSchedule(thread);
        if (looked == ThreadStates.OK) {
            long switches = states.switches();
            looked = states.lookAtSyscall(thread);
            if (looked == ThreadStates.OK) {
                if (!states.isBlocked()) {
                    return MOVED;
                }
                registers.clear();
                registers.set(code.machine().stackPointer(), states.stackPointer());
                registers.setProgramCounter(states.programCounter());
                boolean isRead = copyStack(still);
                looked = states.lookAtSchedule(thread);
                if (looked == ThreadStates.OK) {
                    if (states.switches() != switches) {
                        return MOVED;
                    }
                    return isRead ? unwound(ASLEEP) : UNREADABLE;
                }
            }
        }
        return looked == ThreadStates.ENDED ? ENDED : UNREADABLE;
    }

    private int copyStopped(int thread, Still still) {
        int status = stopperOrNull.stop(thread);
        if (status != ThreadStopper.STOPPED) {
            return switch (status) {
                case ThreadStopper.ENDED -> ENDED;
                case ThreadStopper.DENIED -> DENIED;
                case ThreadStopper.LATE -> MOVED;
                default -> UNREADABLE;
            };
        }
        boolean isRead = false;
        try {
            int sizeBytes = stopperOrNull.registers(registerBytes);
            isRead =
                    RegisterFile.read(registerBytes, sizeBytes, code.machine(), registers)
                            && copyStack(still);
        } finally {
            stopperOrNull.resume();
        }
        return isRead ? unwound(STOPPED) : UNREADABLE;
    }

    private int unwound(int how) {
        end = unwinder.unwind(code.modules(), registers, stack);
        return how;
    }

    /**
     * Copies from the stack pointer on, as much as lately was enough, and what lies just below:
     * what a function has popped on its way out is still there, and there its unwind information
     * has it.
     */
    private boolean copyStack(Still still) {
        long from = registers.get(code.machine().stackPointer()) & -8;
        long limit = ranges.endOf(from);
        areRangesOld = limit == 0;
        long below = ranges.endOf(from - RED_ZONE_BYTES) == limit ? RED_ZONE_BYTES : 0;
        from -= below;
        int wanted = still.stackBytes();
        int lengthBytes = limit == 0 ? wanted : (int) Math.min(limit - from, wanted);
        stack.set(MemorySegment.NULL, 0, from, 0);
        boolean isRead = still.read(from, lengthBytes, stack);
        if (limit != 0) {
            stack.reachesTo(limit);
        }
        if (isRead && interruptedAt != 0) {
            copyInterrupted();
        }
        return isRead;
    }

    /** What was missing lies on another stack: the next copy is to have that, too. */
    private boolean isOnAnotherStack() {
        long missing = unwinder.missing();
        if (ranges.endOf(missing) == 0 || ranges.endOf(missing) == ranges.endOf(stack.address())) {
            return false;
        }
        interruptedAt = missing;
        if (interrupted == null) {
            interrupted = Arena.ofAuto().allocate(INTERRUPTED_BYTES, 64);
        }
        return true;
    }

    /** From a little below what was missing: by now it may have been interrupted elsewhere. */
    private void copyInterrupted() {
        long from = Math.max(ranges.startOf(interruptedAt), interruptedAt - INTERRUPTED_BYTES / 2);
        long limit = ranges.endOf(interruptedAt);
        int lengthBytes = (int) Math.min(limit - from, INTERRUPTED_BYTES);
        int got = memory.read(from, interrupted, 0, lengthBytes);
        stack.addInterrupted(interrupted, from, Math.max(got, 0));
    }

    /** Whether a larger copy would reach to what was missing. */
    private boolean canGrow(Still still) {
        long neededBytes = unwinder.missing() + 8 - stack.address();
        long mapped = ranges.endOf(stack.address()) - stack.address();
        int wanted = still.stackBytes();
        if (neededBytes <= stack.end() - stack.address()
                || neededBytes > LARGEST_BYTES
                || neededBytes > mapped
                || wanted >= LARGEST_BYTES) {
            return false;
        }
        still.needsStack((int) Math.min(LARGEST_BYTES, Math.max(neededBytes, wanted) * 2L));
        return true;
    }

    /** Copies the stack alone, into a buffer that lasts until the next stack. */
    private final class OwnBuffer implements Still {
        private final WhileStill whileStill;

        OwnBuffer(WhileStill whileStill) {
            this.whileStill = whileStill;
        }

        @Override
        public int stackBytes() {
            return (int) buffer.byteSize();
        }

        @Override
        public void needsStack(int bytes) {
            buffer = Arena.ofAuto().allocate(bytes, 64);
        }

        @Override
        public boolean read(long stackAddress, int stackBytes, StackCopy into) {
            int got = memory.read(stackAddress, buffer, 0, stackBytes);
            into.set(buffer, 0, stackAddress, Math.max(got, 0));
            whileStill.read();
            return got > 0;
        }
    }
}
