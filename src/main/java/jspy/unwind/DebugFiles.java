package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.binary.ElfSection;
import jspy.binary.MiniDebugInfo;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds what a distribution keeps of a stripped file's symbols: in the file itself, by its build
 * id, or by the name that it gives; below the target's root first, then below this one. A file of
 * another build id is none of it.
 */
final class DebugFiles {
    private static final Path FOLDER = Path.of("usr/lib/debug");
    private static final int MAX_NAME_BYTES = 1024;

    private final List<Path> roots;
    private final Arena arena;

    /**
     * @param roots of file systems, the target's first
     * @param arena keeps the files that are opened
     */
    DebugFiles(List<Path> roots, Arena arena) {
        this.roots = roots;
        this.arena = arena;
    }

    /** The files that say what this one lacks; none when it has its symbols and its lines. */
    List<Elf> of(Elf elf, String path) {
        List<Elf> found = new ArrayList<>();
        if (elf.hasSymbolTable() && elf.section(".debug_line").isPresent()) {
            return found;
        }
        for (Path candidate : candidates(elf, path)) {
            Optional<Elf> debug = openOrEmpty(elf, candidate);
            if (debug.isPresent()) {
                found.add(debug.get());
                return found;
            }
        }
        MiniDebugInfo.of(elf).ifPresent(found::add);
        return found;
    }

    // internals

    private List<Path> candidates(Elf elf, String path) {
        List<Path> candidates = new ArrayList<>();
        Optional<String> id = buildId(elf).filter(hex -> hex.length() > 2);
        String link = link(elf);
        for (Path root : roots) {
            if (id.isPresent()) {
                String name = id.get().substring(0, 2) + "/" + id.get().substring(2) + ".debug";
                candidates.add(root.resolve(FOLDER).resolve(".build-id").resolve(name));
            }
            try {
                Path folder = Path.of(path).getParent();
                if (!link.isEmpty() && folder != null) {
                    Path below = root.resolve(folder.toString().substring(1));
                    candidates.add(below.resolve(".debug").resolve(link));
                    candidates.add(
                            root.resolve(FOLDER)
                                    .resolve(folder.toString().substring(1))
                                    .resolve(link));
                }
            } catch (InvalidPathException e) {
                // a name that this JVM's locale cannot write
            }
        }
        return candidates;
    }

    private Optional<Elf> openOrEmpty(Elf stripped, Path candidate) {
        if (!Files.isReadable(candidate)) {
            return Optional.empty();
        }
        try {
            Elf debug = Elf.open(candidate, arena);
            return buildId(debug).equals(buildId(stripped)) ? Optional.of(debug) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> buildId(Elf elf) {
        try {
            return elf.buildId();
        } catch (BinaryFormatException e) {
            return Optional.empty();
        }
    }

    /** {@code .gnu_debuglink}: a file name, without a folder whatever it says. */
    private static String link(Elf elf) {
        Optional<ElfSection> section = elf.section(".gnu_debuglink");
        if (section.isEmpty()) {
            return "";
        }
        try {
            MemorySegment bytes = elf.contents(section.get());
            byte[] name = new byte[(int) Math.min(MAX_NAME_BYTES, bytes.byteSize())];
            int length = 0;
            while (length < name.length && bytes.get(ValueLayout.JAVA_BYTE, length) != 0) {
                name[length] = bytes.get(ValueLayout.JAVA_BYTE, length++);
            }
            String text = new String(name, 0, length, StandardCharsets.UTF_8);
            return text.substring(text.lastIndexOf('/') + 1);
        } catch (BinaryFormatException | InternalError e) {
            return "";
        }
    }
}
