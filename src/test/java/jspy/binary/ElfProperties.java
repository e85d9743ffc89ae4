package jspy.binary;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;

/**
 * Whatever an ELF file holds, reading it ends soon, in an answer or in a {@link
 * BinaryFormatException}.
 */
class ElfProperties {
    private static final byte[] MADE =
            ElfFiles.library(List.of("_PyRuntime", "Py_Version", "a", "__rseq_offset"));
    private static final byte[] REAL = real();
    private static final byte[] EXTREMES = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff};

    @Property(tries = 5000)
    void madeFileWithWrongBytes(@ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        readEverything(corrupted(MADE, MADE.length, seed, count));
    }

    @Property(tries = 1000)
    void realFileWithAWrongHeader(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int count) {
        readEverything(corrupted(REAL, 1024, seed, count));
    }

    @Property(tries = 1000)
    void realFileWithWrongBytesAnywhere(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4000) int count) {
        readEverything(corrupted(REAL, REAL.length, seed, count));
    }

    @Property(tries = 1000)
    void fileCutShort(@ForAll @IntRange(min = 0, max = 0x700) int sizeBytes) {
        readEverything(java.util.Arrays.copyOf(MADE, Math.min(MADE.length, sizeBytes)));
    }

    @Property(tries = 1000)
    void anyBytesBehindAGoodMagic(@ForAll byte[] tail) {
        byte[] file = new byte[tail.length + 7];
        System.arraycopy(MADE, 0, file, 0, 7);
        System.arraycopy(tail, 0, file, 7, tail.length);
        readEverything(file);
    }

    // internals

    private static byte[] corrupted(byte[] good, int within, long seed, int count) {
        byte[] file = good.clone();
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            byte value =
                    random.nextBoolean()
                            ? (byte) random.nextInt()
                            : EXTREMES[random.nextInt(EXTREMES.length)];
            file[random.nextInt(Math.min(within, file.length))] = value;
        }
        return file;
    }

    private static void readEverything(byte[] file) {
        for (boolean isImage : new boolean[] {false, true}) {
            try {
                Elf elf =
                        isImage
                                ? Elf.ofImage(ElfFiles.segment(file), 0x7000_0000)
                                : Elf.of(ElfFiles.segment(file));
                elf.loadBias(0x7000_0000, 0);
                attempt(() -> elf.symbol("_PyRuntime"));
                attempt(() -> elf.symbol("absent"));
                attempt(elf::buildId);
                attempt(elf::interpreter);
                for (ElfSection section : elf.sections()) {
                    attempt(() -> elf.contents(section));
                }
                elf.symbols().forEach(symbol -> {});
            } catch (BinaryFormatException e) {
                // the one way to fail
            }
        }
    }

    private interface Reading {
        Object read() throws BinaryFormatException;
    }

    private static void attempt(Reading reading) {
        try {
            reading.read();
        } catch (BinaryFormatException e) {
            // the one way to fail
        }
    }

    private static byte[] real() {
        if (!ElfFiles.hasLibraries()) {
            return MADE;
        }
        try {
            return Files.readAllBytes(ElfFiles.smallLibrary());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
