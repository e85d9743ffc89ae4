package jspy.binary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Line tables say what a slow reader of the same rows says, and whatever a file holds instead,
 * reading it ends soon, in lines or in none.
 */
class LineTablesProperties {
    private static final byte[] EXTREMES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};
    private static final int LOOK_UPS = 60;

    @Property(tries = 1500)
    void linesAreThoseOfTheRows(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int units)
            throws Exception {
        Random random = new Random(seed);
        LineFiles made = new LineFiles(random);
        Elf elf = Elf.of(MemorySegment.ofArray(made.file(units)));
        LineTables tables = LineTables.of(elf).orElseThrow();
        for (LineFiles.Row row : made.rows()) {
            assertIsSame(made, tables, row.address());
        }
        for (int i = 0; i < LOOK_UPS; i++) {
            long span = made.end() - LineFiles.CODE + 64;
            assertIsSame(made, tables, LineFiles.CODE - 16 + (long) (random.nextDouble() * span));
        }
    }

    @Property(tries = 3000)
    void wrongBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count) {
        Random random = new Random(seed);
        byte[] file = new LineFiles(random).file(1 + random.nextInt(4));
        // the heads of units decide most
        int reach = random.nextBoolean() ? 96 : file.length - LineFiles.LINES;
        for (int i = 0; i < count; i++) {
            file[LineFiles.LINES + random.nextInt(Math.min(reach, file.length - LineFiles.LINES))] =
                    random.nextBoolean()
                            ? (byte) random.nextInt()
                            : EXTREMES[random.nextInt(EXTREMES.length)];
        }
        if (random.nextInt(4) == 0) { // a length that wraps around when it is added to
            long huge = Long.MAX_VALUE - random.nextInt(reach);
            int at = LineFiles.LINES + random.nextInt(Math.max(1, Math.min(24, reach - 8)));
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(at, huge);
        }
        readEverything(file, random);
    }

    @Property(tries = 1500)
    void anyBytes(@ForAll long seed, @ForAll @IntRange(min = 0, max = 3000) int lengthBytes) {
        Random random = new Random(seed);
        byte[] lines = new byte[lengthBytes];
        random.nextBytes(lines);
        if (lengthBytes >= 6) { // a head that is read on
            lines[0] = (byte) (lengthBytes - 4);
            lines[1] = (byte) (lengthBytes - 4 >> 8);
            lines[2] = 0;
            lines[3] = 0;
            lines[4] = (byte) (2 + random.nextInt(4));
            lines[5] = 0;
        }
        readEverything(LineFiles.elf(lines, new byte[random.nextInt(20)]), random);
    }

    @Property(tries = 1000)
    void unitCutShort(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] file = new LineFiles(random).file(2);
        int lineBytes = file.length - LineFiles.LINES;
        byte[] lines =
                Arrays.copyOfRange(
                        file, LineFiles.LINES, LineFiles.LINES + random.nextInt(lineBytes));
        readEverything(LineFiles.elf(lines, new byte[0]), random);
    }

    // internals

    private static void assertIsSame(LineFiles made, LineTables tables, long address) {
        String found = text(tables.find(address));
        assertEquals(made.at(address), found, () -> Long.toHexString(address));
    }

    private static String text(Optional<SourceLine> found) {
        return found.map(line -> line.file() + ":" + line.line()).orElse("");
    }

    private static void readEverything(byte[] file, Random random) {
        try {
            Optional<LineTables> tables = LineTables.of(Elf.of(MemorySegment.ofArray(file)));
            for (int i = 0; i < LOOK_UPS && tables.isPresent(); i++) {
                long address = LineFiles.CODE + random.nextInt(LineFiles.CODE_BYTES);
                tables.get().find(random.nextInt(8) == 0 ? random.nextLong() : address);
            }
        } catch (BinaryFormatException e) {
            // the one way to fail
        }
    }
}
