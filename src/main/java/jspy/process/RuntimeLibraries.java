package jspy.process;

import jspy.memory.TargetMemory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of a process that know how its threads are kept: the loader, the C library, and for a
 * static program the executable. They live as long as the arena they were opened in.
 *
 * @param failures why some could not be opened
 */
record RuntimeLibraries(List<LoadedElf> opened, List<String> failures) {

    static RuntimeLibraries open(
            Program process, TargetMemory memory, MemoryMaps maps, Arena arena) {
        List<LoadedElf> opened = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Mapping mapping : wanted(maps)) {
            try {
                opened.add(LoadedElf.open(process, memory, maps, mapping, arena));
            } catch (IOException e) {
                failures.add(e.getMessage());
            }
        }
        return new RuntimeLibraries(opened, failures);
    }

    boolean isMusl() {
        return opened.stream().anyMatch(library -> library.mapping().fileName().contains("musl"));
    }

    // internals

    private static List<Mapping> wanted(MemoryMaps maps) {
        List<Mapping> files = maps.files();
        List<Mapping> libraries =
                files.stream().filter(mapping -> isRuntime(mapping.fileName())).toList();
        return libraries.isEmpty() ? files.stream().limit(1).toList() : libraries;
    }

    private static boolean isRuntime(String name) {
        return name.startsWith("ld-linux")
                || name.startsWith("ld-musl")
                || name.startsWith("ld64.so")
                || name.matches("(ld|libc|libpthread)-2\\.[0-9]+\\.so")
                || name.equals("libc.so.6")
                || name.equals("libpthread.so.0");
    }
}
