package jspy.python;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.binary.ElfSegment;
import jspy.memory.TargetMemory;
import jspy.process.LoadedElf;
import jspy.process.MappedFileException;
import jspy.process.Mapping;
import jspy.process.MemoryMaps;
import jspy.process.TargetProcess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * A mapped ELF file that may hold an interpreter.
 *
 * @param mapping its lowest one
 * @param bias what to add to the file's addresses
 */
record PythonFile(Elf elf, Mapping mapping, long bias) {
    /** No image of a file that is read out of memory is larger. */
    private static final long MAX_IMAGE_BYTES = 1L << 29;

    /** {@code ELFMAG}, elf.h */
    private static final byte[] MAGIC = {0x7f, 'E', 'L', 'F'};

    private static final long COMPARED_BYTES = 1024;

    /**
     * Opens the file of a mapping, or, where no name leads to it any more (it was replaced by an
     * update, and only root may follow map_files), what of it is in memory.
     */
    static PythonFile open(
            TargetProcess process,
            TargetMemory memory,
            MemoryMaps maps,
            Mapping mapping,
            Arena arena)
            throws IOException {
        try {
            LoadedElf loaded = LoadedElf.open(process, mapping, arena);
            PythonFile file = new PythonFile(loaded.elf(), mapping, loaded.bias());
            return loaded.file().isProved() || file.isWhatIsMapped(memory)
                    ? file
                    : image(memory, maps, mapping, arena);
        } catch (MappedFileException gone) {
            return image(memory, maps, mapping, arena);
        }
    }

    /** What of the file is in memory: no sections, and of the symbols the dynamic ones. */
    static PythonFile image(TargetMemory memory, MemoryMaps maps, Mapping lowest, Arena arena)
            throws IOException {
        List<Mapping> all = maps.of(lowest);
        long size = all.getLast().end() - lowest.start();
        if (lowest.offset() != 0 || size <= 0 || size > MAX_IMAGE_BYTES) {
            throw new IOException(
                    "%s cannot be opened and its image in memory, %d bytes, not be used"
                            .formatted(lowest.path(), size));
        }
        Peek peek = new Peek(memory);
        if (!Arrays.equals(peek.bytes(lowest.start(), MAGIC.length), MAGIC)) {
            throw new IOException(lowest.path() + " is no ELF file");
        }
        MemorySegment image = arena.allocate(size);
        for (Mapping mapping : all) {
            long at = mapping.start() - lowest.start();
            long end = mapping.end() - lowest.start();
            while (mapping.isReadable() && at < end) {
                int piece = (int) Math.min(end - at, Peek.MAX_BYTES);
                byte[] bytes = peek.bytes(lowest.start() + at, piece);
                MemorySegment.copy(MemorySegment.ofArray(bytes), 0, image, at, bytes.length);
                at += piece;
            }
        }
        Elf elf = Elf.ofImage(image, lowest.start());
        return new PythonFile(elf, lowest, imageBias(elf, lowest));
    }

    /** Address in the process of a symbol. */
    OptionalLong address(String symbol) throws BinaryFormatException {
        return elf.symbol(symbol)
                .map(found -> OptionalLong.of(found.address() + bias))
                .orElse(OptionalLong.empty());
    }

    /** Address in the process of a section. */
    OptionalLong sectionAddress(String section) {
        return elf.section(section)
                .map(found -> OptionalLong.of(found.address() + bias))
                .orElse(OptionalLong.empty());
    }

    /** The ranges of its data in the process, {@code .bss} included. */
    List<Range> writable() {
        return elf.segments().stream()
                .filter(segment -> segment.type() == ElfSegment.LOAD && segment.isWritable())
                .map(segment -> new Range(segment.address() + bias, segment.memorySizeBytes()))
                .toList();
    }

    record Range(long address, long sizeBytes) {}

    // internals

    /** Whether the file begins as its mapping does: headers and, in most files, the build id. */
    private boolean isWhatIsMapped(TargetMemory memory) throws IOException {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.LOAD && segment.fileOffset() == mapping.offset()) {
                long length = Math.min(segment.fileSizeBytes(), COMPARED_BYTES);
                byte[] mapped = new Peek(memory).bytes(mapping.start(), (int) length);
                MemorySegment inFile = elf.contents(segment.address(), mapped.length);
                return inFile.mismatch(MemorySegment.ofArray(mapped)) < 0;
            }
        }
        return false;
    }

    private static long imageBias(Elf elf, Mapping lowest) throws IOException {
        return elf.loadBias(lowest.start(), lowest.offset())
                .orElseThrow(() -> new IOException(lowest.path() + ": no segment begins the file"));
    }
}
