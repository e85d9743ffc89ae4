package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.util.Random;

class UnwinderTest {
    private final MadeStack made = MadeStack.of(Machine.X86_64, new Random(7), 44);
    private final Unwinder unwinder = new Unwinder(Machine.X86_64, made.expressions);

    @Test
    void steadyPathAllocatesNothing() {
        made.modules.buildTables();
        for (int i = 0; i < 20_000; i++) {
            unwinder.unwind(made.modules, made.registers, made.stack);
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1000; i++) {
            unwinder.unwind(made.modules, made.registers, made.stack);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 1000, allocated + " bytes for 1000 stacks");
    }

    @Test
    void stackThatWasNotCopiedWholeSaysWhatIsMissing() {
        long copied = made.stackPointers.get(20) - made.lowest;
        made.stack.set(made.bytes, 0, made.lowest, copied);
        int end = unwinder.unwind(made.modules, made.registers, made.stack);
        assertEquals("end of the copied stack", UnwindEnd.reason(end));
        assertTrue(unwinder.missing() >= made.lowest + copied - 8);
        assertTrue(unwinder.missing() < made.stackPointers.get(21));
    }

    @Test
    void frameByAnUnknownFramePointerIsAnEndAndNotAGuess() {
        NativeRegisters asleep = new NativeRegisters();
        asleep.set(7, made.registers.get(7));
        asleep.setProgramCounter(made.registers.programCounter());
        int end = unwinder.unwind(made.modules, asleep, made.stack);
        // frame pointers are saved in each of its frames: only the leaf's own may be missing
        boolean isLeafByFrame = made.registers.get(6) + 16 == made.stackPointers.get(1);
        assertEquals(isLeafByFrame ? "register not known" : "root", UnwindEnd.reason(end));
    }
}
