package jspy.process;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.binary.ElfSymbol;
import jspy.memory.TargetMemory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * An ELF file where a process has it.
 *
 * @param mapping its lowest mapping
 * @param bias what to add to the file's addresses
 */
public record LoadedElf(Elf elf, Mapping mapping, long bias) {

    /**
     * Opens the file of {@code mapping}, the lowest one of that file, or, where no name leads to it
     * any more (it was replaced by an update, and only root may follow map_files), copies what of
     * it is in memory. A file that only its name speaks for is believed when it begins as memory
     * does.
     */
    public static LoadedElf open(
            Program process, TargetMemory memory, MemoryMaps maps, Mapping mapping, Arena arena)
            throws IOException {
        LoadedImage image = new LoadedImage(memory, maps, mapping);
        MappedFile file;
        try {
            file = process.file(mapping);
        } catch (MappedFileException e) {
            return image.copyInsteadOf(e, arena);
        }
        if (file.isProved() || image.isIn(file)) {
            return located(Elf.open(file.path(), arena), mapping);
        }
        IOException other = new IOException(file.path() + " is not the file that was loaded");
        return image.copyInsteadOf(other, arena);
    }

    /** What of the file is in memory: no sections, and of the symbols those for the loader. */
    public static LoadedElf image(
            TargetMemory memory, MemoryMaps maps, Mapping mapping, Arena arena) throws IOException {
        IOException unusable =
                new IOException(
                        "the image in memory of %s is incomplete".formatted(mapping.path()));
        return new LoadedImage(memory, maps, mapping).copyInsteadOf(unusable, arena);
    }

    static LoadedElf located(Elf elf, Mapping mapping) throws BinaryFormatException {
        OptionalLong bias = elf.loadBias(mapping.start(), mapping.offset());
        if (bias.isEmpty()) {
            throw new BinaryFormatException(
                    BinaryFormatException.Kind.CORRUPT,
                    "%s has no segment at offset 0x%x, which is mapped at 0x%x"
                            .formatted(mapping.path(), mapping.offset(), mapping.start()));
        }
        return new LoadedElf(elf, mapping, bias.getAsLong());
    }

    /** The first mapped file whose last name fits. */
    public static Optional<Mapping> find(MemoryMaps maps, Predicate<String> fileName) {
        List<Mapping> files = maps.files();
        return files.stream().filter(mapping -> fileName.test(mapping.fileName())).findFirst();
    }

    /** Address in the process of a symbol. */
    public OptionalLong address(String symbol) throws BinaryFormatException {
        Optional<ElfSymbol> found = elf.symbol(symbol);
        return found.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(found.get().address() + bias);
    }
}
