package jspy.process;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.memory.TargetMemory;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/**
 * What a process has in memory of a file that it loaded: stands in for the file when that cannot be
 * opened.
 */
final class LoadedImage {
    /** No image is larger: the largest libpython with debug information loads a tenth of it. */
    private static final long MAX_BYTES = 1L << 29;

    /** Bytes a read; what a hole of the image costs. */
    private static final int PIECE_BYTES = 1 << 20;

    private static final int COMPARED_BYTES = 1024;

    /** {@code ELFMAG}, elf.h */
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};

    private final TargetMemory memory;
    private final Mapping lowest;
    private final MemoryMaps maps;

    /**
     * @param lowest where the file is loaded, see {@link MemoryMaps#files}
     */
    LoadedImage(TargetMemory memory, MemoryMaps maps, Mapping lowest) {
        this.memory = memory;
        this.lowest = lowest;
        this.maps = maps;
    }

    /**
     * The image, whose symbols are those for the loader alone; fails with what made it necessary.
     */
    LoadedElf copyInsteadOf(IOException failure, Arena arena) throws IOException {
        List<Mapping> loaded = loaded();
        long sizeBytes = loaded.getLast().end() - lowest.start();
        if (lowest.offset() != 0 || sizeBytes <= 0 || sizeBytes > MAX_BYTES) {
            throw failure;
        }
        if (!Arrays.equals(start(MAGIC.length), MAGIC)) {
            throw failure;
        }
        MemorySegment image = arena.allocate(sizeBytes);
        for (Mapping mapping : loaded) {
            copy(mapping, image);
        }
        try {
            return LoadedElf.located(Elf.ofImage(image, lowest.start()), lowest);
        } catch (BinaryFormatException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** Whether the file begins as memory does: its headers and, in most files, the build id. */
    boolean isIn(MappedFile file) throws IOException {
        try (InputStream in = Files.newInputStream(file.path())) {
            in.skipNBytes(lowest.offset());
            byte[] expected = in.readNBytes(COMPARED_BYTES);
            byte[] mapped = start(expected.length);
            return mapped.length > 0 && Arrays.equals(expected, mapped);
        }
    }

    // internals

    /** Up to where the file begins anew: it may be mapped a second time, to be read. */
    private List<Mapping> loaded() {
        return maps.of(lowest).stream()
                .filter(mapping -> mapping.start() >= lowest.start())
                .takeWhile(mapping -> mapping.equals(lowest) || mapping.offset() != 0)
                .toList();
    }

    /** The first bytes in memory, as many as can be read. */
    private byte[] start(int lengthBytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(lengthBytes);
            int copied = memory.read(lowest.start(), copy, 0, lengthBytes);
            return copy.asSlice(0, Math.max(copied, 0)).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private void copy(Mapping mapping, MemorySegment image) {
        long at = mapping.start() - lowest.start();
        long end = mapping.end() - lowest.start();
        while (mapping.isReadable() && at < end) {
            int piece = (int) Math.min(end - at, PIECE_BYTES);
            memory.read(lowest.start() + at, image, at, piece);
            at += piece;
        }
    }
}
