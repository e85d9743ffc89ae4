package jspy.process;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.binary.ElfSymbol;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * An ELF file where a process has it: the file, its lowest mapping, and what to add to the file's
 * addresses.
 */
public record LoadedElf(Elf elf, Mapping mapping, MappedFile file, long bias) {

    /** Opens the file of {@code mapping}, the lowest one of that file. */
    public static LoadedElf open(TargetProcess process, Mapping mapping, Arena arena)
            throws IOException {
        MappedFile file = process.file(mapping);
        Elf elf = Elf.open(file.path(), arena);
        OptionalLong bias = elf.loadBias(mapping.start(), mapping.offset());
        if (bias.isEmpty()) {
            throw new BinaryFormatException(
                    BinaryFormatException.Kind.CORRUPT,
                    "%s has no segment at offset 0x%x, which is mapped at 0x%x"
                            .formatted(mapping.path(), mapping.offset(), mapping.start()));
        }
        return new LoadedElf(elf, mapping, file, bias.getAsLong());
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
