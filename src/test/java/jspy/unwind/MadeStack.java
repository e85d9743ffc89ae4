package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A thread that is in the middle of a chain of made functions, with frames by stack pointer and by
 * frame pointer, and what unwinding it must find.
 */
final class MadeStack {
    static final long BIAS = 0x7f00_0000_0000L;
    static final long TOP = 0x7ffc_0000_0000L;
    private static final int FUNCTION_BYTES = 64;

    final NativeModules modules;
    final NativeRegisters registers = new NativeRegisters();
    final StackCopy stack = new StackCopy();
    final List<Long> programCounters = new ArrayList<>();
    final List<Long> stackPointers = new ArrayList<>();
    final Expressions expressions = new Expressions();

    private final Machine machine;
    private final Random random;

    /** The copy, to be spoiled. */
    final MemorySegment bytes;

    final long lowest;

    private MadeStack(Machine machine, Random random, int frames) throws BinaryFormatException {
        this.machine = machine;
        this.random = random;
        List<CfiFiles.Function> functions = new ArrayList<>();
        boolean[] isByFrame = new boolean[frames];
        int[] sizes = new int[frames];
        for (int i = 0; i < frames; i++) {
            // frame 0 is the root's, the last one the leaf's
            isByFrame[i] = i > 0 && random.nextInt(3) == 0;
            sizes[i] = 32 + 16 * random.nextInt(20);
            functions.add(
                    new CfiFiles.Function(
                            CfiFiles.CODE + (long) i * FUNCTION_BYTES,
                            FUNCTION_BYTES,
                            i == 0 ? root() : program(isByFrame[i], sizes[i])));
        }
        boolean isBareLeaf = machine.hasLinkRegister() && frames > 1 && random.nextBoolean();
        if (isBareLeaf) {
            isByFrame[frames - 1] = false;
            sizes[frames - 1] = 0;
            CfiFiles.Function leaf = functions.removeLast();
            functions.add(
                    new CfiFiles.Function(leaf.start(), leaf.sizeBytes(), defineCfa(false, 0)));
        }
        Elf elf = Elf.of(CfiFiles.elf(machine, new byte[0], functions));
        BinaryRules rules = new BinaryRules(elf, expressions);
        if (random.nextBoolean()) {
            rules.build();
        }
        long start = BIAS + CfiFiles.CODE;
        modules =
                new NativeModules(
                        List.of(
                                new NativeModule(
                                        start,
                                        start + CfiFiles.CODE_BYTES,
                                        "made",
                                        "",
                                        BIAS,
                                        rules)));
        int total = 256;
        for (int size : sizes) {
            total += size;
        }
        lowest = TOP - total;
        bytes = Arena.ofAuto().allocate(total, 16);
        for (long at = 0; at < total; at += 8) {
            bytes.set(ValueLayout.JAVA_LONG, at, random.nextLong());
        }
        fill(isByFrame, sizes);
        stack.set(bytes, 0, lowest, total);
    }

    static MadeStack of(Machine machine, Random random, int frames) {
        try {
            return new MadeStack(machine, random, frames);
        } catch (BinaryFormatException e) {
            throw new AssertionError(e);
        }
    }

    // internals

    private void fill(boolean[] isByFrame, int[] sizes) {
        int frames = sizes.length;
        long sp = TOP - 256;
        long fp = random.nextLong();
        long pc = inside(0);
        programCounters.add(pc);
        stackPointers.add(sp);
        registers.set(machine.returnAddress(), 0);
        for (int i = 1; i < frames; i++) {
            long cfa = sp;
            if (sizes[i] == 0) {
                registers.set(machine.returnAddress(), pc);
            } else {
                put(cfa - 8, pc);
                put(cfa - 16, fp);
                fp = isByFrame[i] ? cfa - 16 : random.nextLong();
            }
            sp = cfa - sizes[i];
            pc = inside(i);
            programCounters.addFirst(pc);
            stackPointers.addFirst(sp);
        }
        registers.set(machine.stackPointer(), sp);
        registers.set(machine.framePointer(), fp);
        registers.setProgramCounter(pc);
    }

    /** An instruction of a function, not its first: a return address is behind a call. */
    private long inside(int function) {
        return BIAS
                + CfiFiles.CODE
                + (long) function * FUNCTION_BYTES
                + 4
                + 4 * random.nextInt(FUNCTION_BYTES / 4 - 1);
    }

    private void put(long address, long value) {
        bytes.set(ValueLayout.JAVA_LONG, address - lowest, value);
    }

    private byte[] root() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(defineCfa(false, 8));
        out.write(0x07);
        out.write(machine.returnAddress());
        return out.toByteArray();
    }

    private byte[] program(boolean isByFrame, int sizeBytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(defineCfa(isByFrame, isByFrame ? 16 : sizeBytes));
        out.write(0x80 | machine.returnAddress());
        out.write(1);
        out.write(0x80 | machine.framePointer());
        out.write(2);
        return out.toByteArray();
    }

    private byte[] defineCfa(boolean isByFrame, int offset) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x0c);
        out.write(isByFrame ? machine.framePointer() : machine.stackPointer());
        out.writeBytes(CfiFiles.uleb(offset));
        return out.toByteArray();
    }
}
