package jspy.binary;

import org.tukaani.xz.XZInputStream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * {@code .gnu_debugdata}: an ELF file with the symbols that a distribution stripped, packed by xz
 * into the stripped file itself. "MiniDebugInfo", GDB manual.
 */
public final class MiniDebugInfo {
    /** Symbol tables of the largest libraries are some 20 MB. */
    private static final int MAX_BYTES = 128 << 20;

    /** The dictionary of {@code xz -9} is 64 MiB. */
    private static final int MAX_MEMORY_KIBIBYTES = 128 << 10;

    private MiniDebugInfo() {}

    /** Empty when the file has none, or one that cannot be unpacked. */
    public static Optional<Elf> of(Elf elf) {
        Optional<ElfSection> section = elf.section(".gnu_debugdata");
        if (section.isEmpty()) {
            return Optional.empty();
        }
        try {
            MemorySegment packed = elf.contents(section.get());
            byte[] bytes = Elf.guarded(() -> packed.toArray(ValueLayout.JAVA_BYTE));
            try (XZInputStream in =
                    new XZInputStream(new ByteArrayInputStream(bytes), MAX_MEMORY_KIBIBYTES)) {
                byte[] unpacked = in.readNBytes(MAX_BYTES);
                return Optional.of(Elf.of(MemorySegment.ofArray(unpacked).asReadOnly()));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
