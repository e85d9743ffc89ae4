package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.TargetMemory;
import jspy.python.GilPlace;
import jspy.python.PythonRuntime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The list of interpreters as it was at the last look, to see whether it is another one now. One
 * thread; a look that finds nothing new allocates nothing.
 */
final class InterpreterList {
    /** More of them are taken for a change at every look. */
    private static final int MAX_INTERPRETERS = 4096;

    private final TargetMemory memory;
    private final long headAddress;
    private final long nextOffset;

    /** Of the pointer to its own GIL, {@link Offsets#ABSENT} where all share one. */
    private final long gilOffset;

    private final MemorySegment word = Arena.ofAuto().allocate(8, 8);
    private long[] words = new long[0]; // address and GIL of each
    private int count;

    InterpreterList(TargetMemory memory, PythonRuntime runtime) {
        this.memory = memory;
        headAddress = runtime.interpretersHeadAddress();
        nextOffset = runtime.offsets().interpreter().next();
        gilOffset =
                runtime.gil() instanceof GilPlace.InInterpreters
                        ? runtime.offsets().interpreter().gilPointer()
                        : Offsets.ABSENT;
    }

    /** Looks again; false at the first look, too. */
    boolean isAsBefore() {
        boolean same = true;
        int seen = 0;
        long interpreter = pointer(headAddress);
        while (interpreter != 0 && seen < MAX_INTERPRETERS) {
            same &= see(seen++, interpreter);
            same &= see(seen++, gilOffset == Offsets.ABSENT ? 0 : pointer(interpreter + gilOffset));
            interpreter = pointer(interpreter + nextOffset);
        }
        same &= seen == count && interpreter == 0;
        count = seen;
        return same;
    }

    // internals

    private boolean see(int index, long value) {
        if (index == words.length) {
            words = Arrays.copyOf(words, index * 2 + 2);
        }
        boolean same = index < count && words[index] == value;
        words[index] = value;
        return same;
    }

    private long pointer(long address) {
        return memory.read(address, word, 0, 8) == 8 ? word.get(ValueLayout.JAVA_LONG, 0) : 0;
    }
}
