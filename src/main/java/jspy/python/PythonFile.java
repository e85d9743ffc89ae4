package jspy.python;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.binary.ElfSegment;
import jspy.memory.TargetMemory;
import jspy.process.LoadedElf;
import jspy.process.Mapping;
import jspy.process.MemoryMaps;
import jspy.process.Program;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.OptionalLong;

/**
 * A mapped ELF file that may hold an interpreter.
 *
 * @param mapping its lowest one
 * @param bias what to add to the file's addresses
 */
record PythonFile(Elf elf, Mapping mapping, long bias) {
    /**
     * Opens the file of a mapping, or, where no name leads to it any more (it was replaced by an
     * update, and only root may follow map_files), what of it is in memory.
     */
    static PythonFile open(
            Program process, TargetMemory memory, MemoryMaps maps, Mapping mapping, Arena arena)
            throws IOException {
        return of(LoadedElf.open(process, memory, maps, mapping, arena));
    }

    /** What of the file is in memory: no sections, and of the symbols the dynamic ones. */
    static PythonFile image(TargetMemory memory, MemoryMaps maps, Mapping lowest, Arena arena)
            throws IOException {
        return of(LoadedElf.image(memory, maps, lowest, arena));
    }

    /** Address in the process of a symbol. */
    OptionalLong address(String symbol) throws BinaryFormatException {
        return elf.symbol(symbol)
                .map(found -> OptionalLong.of(found.address() + bias))
                .orElse(OptionalLong.empty());
    }

    /** Whether it has such a symbol, which CPython offers to extension modules. */
    boolean offers(String symbol) throws BinaryFormatException {
        return elf.offered(symbol).isPresent();
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

    private static PythonFile of(LoadedElf loaded) {
        return new PythonFile(loaded.elf(), loaded.mapping(), loaded.bias());
    }
}
