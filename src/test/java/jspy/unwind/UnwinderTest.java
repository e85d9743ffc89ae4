package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;

import jspy.binary.Elf;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
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

    /** Before {@code ret}, behind {@code pop %rbp}: compilers leave it at that. */
    @Test
    void registerThatWasPoppedIsReadWhereItWas() throws Exception {
        byte[] leaf = {0x0c, 7, 8, (byte) 0x90, 1, (byte) 0x86, 2};
        byte[] byFrame = {0x0c, 6, 16, (byte) 0x90, 1, (byte) 0x86, 2};
        byte[] root = {0x0c, 7, 8, 0x07, 16};
        List<CfiFiles.Function> functions = new ArrayList<>();
        for (byte[] program : List.of(leaf, byFrame, root)) {
            long start = CfiFiles.CODE + functions.size() * 64L;
            functions.add(new CfiFiles.Function(start, 64, program));
        }
        Elf elf = Elf.of(CfiFiles.elf(Machine.X86_64, new byte[0], functions));
        Expressions expressions = new Expressions();
        long end = CfiFiles.CODE + CfiFiles.CODE_BYTES;
        BinaryRules rules = new BinaryRules(elf, expressions);
        NativeModules modules =
                new NativeModules(
                        List.of(new NativeModule(CfiFiles.CODE, end, "made", "", 0, rules)));
        long base = 0x7000;
        // what was popped, the leaf's return address; the frame that it points to
        long[] words = {base + 32, CfiFiles.CODE + 64 + 8, 0, 0, 0, CfiFiles.CODE + 128 + 8, 0};
        NativeRegisters registers = new NativeRegisters();
        registers.set(7, base + 8);
        registers.set(6, base + 32);
        registers.setProgramCounter(CfiFiles.CODE + 8);
        MemorySegment bytes = MemorySegment.ofArray(words);
        Unwinder fresh = new Unwinder(Machine.X86_64, expressions);
        StackCopy whole = new StackCopy().set(bytes, 0, base, words.length * 8L);
        assertEquals(UnwindEnd.ROOT, fresh.unwind(modules, registers, whole));
        StackCopy above = new StackCopy().set(bytes, 8, base + 8, words.length * 8L - 8);
        assertEquals(UnwindEnd.NO_REGISTER, fresh.unwind(modules, registers, above));
    }
}
