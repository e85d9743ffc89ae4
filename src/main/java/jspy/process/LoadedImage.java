package jspy.process;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.memory.TargetMemory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * What a process has in memory of a file that it loaded: stands in for the file when that cannot be
 * opened.
 */
final class LoadedImage {
    /** No image is larger: the largest libpython with debug information loads a tenth of it. */
    private static final long MAX_BYTES = 1L << 29;

    /** Bytes a read; what a hole of the image costs. */
    private static final int PIECE_BYTES = 1 << 20;

    private static final int FIRST_PAGES_BYTES = 1 << 14;

    private final TargetMemory memory;
    private final Mapping lowest;
    private final List<Mapping> loaded;

    /**
     * @param lowest where the file is loaded, see {@link MemoryMaps#files}
     */
    LoadedImage(TargetMemory memory, MemoryMaps maps, Mapping lowest) {
        this.memory = memory;
        this.lowest = lowest;
        loaded =
                maps.of(lowest).stream()
                        .filter(mapping -> mapping.start() >= lowest.start())
                        .takeWhile(mapping -> mapping.equals(lowest) || mapping.offset() != 0)
                        .toList();
    }

    /**
     * The image, whose symbols are those for the loader alone; fails with what made it necessary.
     */
    LoadedElf copyInsteadOf(IOException failure, Arena arena) throws IOException {
        long sizeBytes = loaded.getLast().end() - lowest.start();
        if (lowest.offset() != 0 || sizeBytes <= 0 || sizeBytes > MAX_BYTES) {
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

    /** Whether memory has that build id, or nothing there says otherwise. */
    boolean hasBuildId(Optional<String> expected) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment pages = arena.allocate(FIRST_PAGES_BYTES, 8);
            int copied = memory.read(lowest.start(), pages, 0, FIRST_PAGES_BYTES);
            if (copied <= 0 || lowest.offset() != 0) {
                return true;
            }
            Optional<String> found = Elf.imageBuildId(pages.asSlice(0, copied), lowest.start());
            return found.isEmpty() || found.equals(expected);
        } catch (BinaryFormatException e) {
            return false;
        }
    }

    // internals

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
