package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Chains of calls are found whole, and whatever a stack holds, unwinding it ends. */
class UnwinderProperties {
    @Property(tries = 2000)
    void everyFrameOfAMadeStackIsFound(
            @ForAll long seed,
            @ForAll boolean isArm,
            @ForAll @IntRange(min = 1, max = 400) int frames) {
        Machine machine = isArm ? Machine.AARCH64 : Machine.X86_64;
        MadeStack made = MadeStack.of(machine, new Random(seed), frames);
        Unwinder unwinder = new Unwinder(machine, made.expressions);
        for (int again = 0; again < 2; again++) {
            int end = unwinder.unwind(made.modules, made.registers, made.stack);
            assertEquals("root", UnwindEnd.reason(end));
            List<Long> programCounters = new ArrayList<>();
            List<Long> stackPointers = new ArrayList<>();
            for (int i = 0; i < unwinder.count(); i++) {
                programCounters.add(unwinder.programCounter(i));
                stackPointers.add(unwinder.stackPointer(i));
                assertEquals(i == 0, unwinder.isExact(i));
            }
            assertEquals(made.programCounters, programCounters);
            assertEquals(made.stackPointers, stackPointers);
        }
    }

    @Property(tries = 3000)
    void spoiledStackEndsInAReason(
            @ForAll long seed,
            @ForAll boolean isArm,
            @ForAll @IntRange(min = 1, max = 60) int frames,
            @ForAll @IntRange(min = 1, max = 200) int count) {
        Machine machine = isArm ? Machine.AARCH64 : Machine.X86_64;
        Random random = new Random(seed);
        MadeStack made = MadeStack.of(machine, random, frames);
        long sizeBytes = made.bytes.byteSize();
        for (int i = 0; i < count; i++) {
            long at = random.nextInt((int) (sizeBytes / 8)) * 8L;
            long value =
                    switch (random.nextInt(4)) {
                        case 0 -> made.lowest + random.nextInt((int) sizeBytes);
                        case 1 -> made.lowest + (random.nextInt((int) sizeBytes) & -8);
                        case 2 -> MadeStack.BIAS + CfiFiles.CODE + random.nextInt(frames * 64);
                        default -> random.nextBoolean() ? random.nextLong() : 0;
                    };
            made.bytes.set(ValueLayout.JAVA_LONG, at, value);
        }
        if (random.nextBoolean()) {
            made.registers.set(machine.stackPointer(), random.nextLong());
        }
        if (random.nextBoolean()) {
            long fp = made.lowest + random.nextInt((int) sizeBytes);
            made.registers.set(machine.framePointer(), fp);
        }
        assertEnds(machine, made, made.expressions);
    }

    @Property(tries = 2000)
    void randomProgramsOverRandomStacksEndInAReason(@ForAll long seed, @ForAll boolean isArm)
            throws Exception {
        Machine machine = isArm ? Machine.AARCH64 : Machine.X86_64;
        Random random = new Random(seed);
        ReferenceCfi reference = new ReferenceCfi(machine, random);
        List<CfiFiles.Function> functions = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] program = reference.bytes(reference.program(20, true));
            functions.add(new CfiFiles.Function(CfiFiles.CODE + i * 64, 64, program));
        }
        MemorySegment file = CfiFiles.elf(machine, new byte[0], functions);
        Expressions expressions = new Expressions();
        BinaryRules rules = new BinaryRules(jspy.binary.Elf.of(file), expressions);
        long start = MadeStack.BIAS + CfiFiles.CODE;
        NativeModules modules =
                new NativeModules(
                        List.of(
                                new NativeModule(
                                        start,
                                        start + CfiFiles.CODE_BYTES,
                                        "made",
                                        "",
                                        MadeStack.BIAS,
                                        rules)));
        long[] words = new long[512];
        long base = MadeStack.TOP - words.length * 8L;
        for (int i = 0; i < words.length; i++) {
            words[i] =
                    switch (random.nextInt(3)) {
                        case 0 -> base + random.nextInt(words.length * 8);
                        case 1 -> start + random.nextInt(640);
                        default -> random.nextLong();
                    };
        }
        StackCopy stack =
                new StackCopy().set(MemorySegment.ofArray(words), 0, base, words.length * 8L);
        NativeRegisters registers = new NativeRegisters();
        for (int register = 0; register < 32; register++) {
            registers.set(register, base + random.nextInt(words.length) * 8L);
        }
        registers.setProgramCounter(start + random.nextInt(640));
        Unwinder unwinder = new Unwinder(machine, expressions);
        int end = unwinder.unwind(modules, registers, stack);
        assertEquals(UnwindEnd.reason(end), UnwindEnd.reason(end));
        assertTrue(unwinder.count() <= words.length + 2);
    }

    // internals

    private static void assertEnds(Machine machine, MadeStack made, Expressions expressions) {
        Unwinder unwinder = new Unwinder(machine, expressions);
        int end = unwinder.unwind(made.modules, made.registers, made.stack);
        assertTrue(end >= UnwindEnd.ROOT && end <= UnwindEnd.UNKNOWN_RULE);
        assertTrue(unwinder.count() <= made.bytes.byteSize() / 8 + 2);
        for (int i = 1; i < unwinder.count(); i++) {
            assertTrue(unwinder.stackPointer(i) - unwinder.stackPointer(i - 1) >= 0);
        }
    }
}
