package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tables say what the instructions say, and hostile files end in nothing worse than no rows. */
class UnwindTableProperties {
    private static final byte[] EXTREMES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};

    @Property(tries = 2000)
    void tableIsWhatTheSlowestInterpreterSays(
            @ForAll long seed, @ForAll boolean isArm, @ForAll @IntRange(min = 0, max = 60) int size)
            throws Exception {
        Machine machine = isArm ? Machine.AARCH64 : Machine.X86_64;
        Random random = new Random(seed);
        ReferenceCfi reference = new ReferenceCfi(machine, random);
        List<ReferenceCfi.Instruction> common = reference.program(random.nextInt(4), false);
        List<CfiFiles.Function> functions = new ArrayList<>();
        List<List<ReferenceCfi.Instruction>> programs = new ArrayList<>();
        long start = CfiFiles.CODE + random.nextInt(3);
        for (int i = 0; i < 3; i++) {
            List<ReferenceCfi.Instruction> program = reference.program(size, true);
            int sizeBytes = 1 + random.nextInt(i == 1 ? 70_000 : 500);
            functions.add(new CfiFiles.Function(start, sizeBytes, reference.bytes(program)));
            programs.add(program);
            start += sizeBytes + random.nextInt(3);
        }
        Elf elf = Elf.of(CfiFiles.elf(machine, reference.bytes(common), functions));
        Expressions expressions = new Expressions();
        UnwindTable table = UnwindTableBuilder.build(elf, machine, expressions);
        BinaryRules single = new BinaryRules(elf, expressions);
        long[] found = new long[2];
        for (int i = 0; i < functions.size(); i++) {
            CfiFiles.Function function = functions.get(i);
            for (int look = 0; look < 30; look++) {
                int distance = look == 0 ? 0 : random.nextInt(function.sizeBytes());
                String expected = reference.at(common, programs.get(i), distance);
                long address = function.start() + distance;
                int number = table.find(address);
                assertEquals(
                        expected,
                        TableRows.text(table.first(number), table.second(number), machine));
                single.find(address, found, 0);
                assertEquals(expected, TableRows.text(found[0], found[1], machine));
            }
            long behind = function.start() + function.sizeBytes();
            if (i + 1 < functions.size() && functions.get(i + 1).start() > behind || i == 2) {
                assertEquals(0, table.find(behind));
            }
        }
        assertEquals(0, table.find(CfiFiles.CODE - 1));
    }

    @Property(tries = 3000)
    void madeFileWithWrongBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int count)
            throws Exception {
        Random random = new Random(seed);
        ReferenceCfi reference = new ReferenceCfi(Machine.X86_64, random);
        List<CfiFiles.Function> functions = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            functions.add(
                    new CfiFiles.Function(
                            CfiFiles.CODE + i * 1000,
                            1000,
                            reference.bytes(reference.program(30, true))));
        }
        MemorySegment file =
                CfiFiles.elf(
                        Machine.X86_64, reference.bytes(reference.program(2, false)), functions);
        byte[] bytes = file.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        corrupt(bytes, CfiFiles.FRAMES, bytes.length, random, count);
        readAll(bytes, random);
    }

    @Property(tries = 200)
    void realFileWithWrongBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count)
            throws Exception {
        byte[] bytes = realFile().clone();
        Random random = new Random(seed);
        corrupt(bytes, random.nextBoolean() ? 1024 : 0, bytes.length, random, count);
        readAll(bytes, random);
    }

    // internals

    private static void corrupt(byte[] bytes, int from, int to, Random random, int count) {
        for (int i = 0; i < count && to > from; i++) {
            bytes[from + random.nextInt(to - from)] =
                    random.nextBoolean()
                            ? (byte) random.nextInt()
                            : EXTREMES[random.nextInt(EXTREMES.length)];
        }
    }

    private static void readAll(byte[] bytes, Random random) {
        try {
            Elf elf = Elf.of(MemorySegment.ofArray(bytes));
            Expressions expressions = new Expressions();
            BinaryRules rules = new BinaryRules(elf, expressions);
            long[] found = new long[2];
            for (int i = 0; i < 50; i++) {
                rules.find(CfiFiles.CODE + random.nextInt(bytes.length), found, 0);
            }
            rules.build();
            for (int i = 0; i < 50; i++) {
                rules.find(CfiFiles.CODE + random.nextInt(bytes.length), found, 0);
            }
        } catch (BinaryFormatException e) {
            // the one way to fail
        }
    }

    /** The JDK's smallest library with call frame information that is worth it. */
    private static byte[] realFile() throws IOException {
        Path library = Path.of(System.getProperty("java.home"), "lib", "libjimage.so");
        return Files.isRegularFile(library)
                ? Files.readAllBytes(library)
                : CfiFiles.elf(Machine.X86_64, new byte[0], List.of())
                        .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }
}
