package jspy.unwind;

import jspy.memory.TargetMemory;
import jspy.process.CoreProcess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Reads the native stacks of a process of which a core file is left. One thread. */
public final class CoreStackReader implements NativeStacks {
    /** The usual limit of a stack is 8 MiB. */
    private static final long LARGEST_BYTES = 16 << 20;

    /** What a function has popped is still there, below the stack pointer. */
    private static final long RED_ZONE_BYTES = 128;

    private final CoreProcess core;
    private final TargetMemory memory;
    private final NativeCode code;
    private final Unwinder unwinder;
    private final StackRanges ranges;
    private final NativeRegisters registers = new NativeRegisters();
    private final StackCopy stack = new StackCopy();
    private int end;

    public CoreStackReader(CoreProcess core, NativeCode code) throws IOException {
        this.core = core;
        this.code = code;
        memory = core.memory().again();
        unwinder = code.unwinder();
        ranges = new StackRanges(core.maps());
        code.refresh();
    }

    /** Nobody knows. */
    @Override
    public boolean slept() {
        return false;
    }

    @Override
    public int read(int thread, WhileStill whileStill) {
        Optional<MemorySegment> saved = core.core().registers(thread);
        if (saved.isEmpty()
                || !RegisterFile.read(
                        saved.get(), (int) saved.get().byteSize(), code.machine(), registers)) {
            return NativeStackReader.UNREADABLE;
        }
        long from = registers.get(code.machine().stackPointer()) & -8;
        long below = from - RED_ZONE_BYTES;
        from = ranges.endOf(below) == ranges.endOf(from) ? below : from;
        MemorySegment copied = copy(from);
        stack.set(copied, 0, from, copied.byteSize());
        whileStill.read();
        end = unwinder.unwind(code.modules(), registers, stack);
        long missing = unwinder.missing();
        if (end == UnwindEnd.STACK_EDGE && ranges.endOf(missing) != 0) {
            // a handler on a stack of its own interrupted another one
            long start = ranges.startOf(missing);
            MemorySegment interrupted = copy(start);
            stack.addInterrupted(interrupted, start, interrupted.byteSize());
            end = unwinder.unwind(code.modules(), registers, stack);
        }
        return NativeStackReader.STOPPED;
    }

    @Override
    public int end() {
        return end;
    }

    @Override
    public Unwinder unwinder() {
        return unwinder;
    }

    @Override
    public StackCopy stack() {
        return stack;
    }

    // internals

    /** From there to the end of what is mapped; less where the core has no more. */
    private MemorySegment copy(long from) {
        long wanted = Math.min(Math.max(0, ranges.endOf(from) - from), LARGEST_BYTES);
        MemorySegment copied = Arena.ofAuto().allocate(Math.max(wanted, 8), 64);
        int got = memory.read(from, copied, 0, (int) wanted);
        return copied.asSlice(0, Math.max(got, 0));
    }
}
