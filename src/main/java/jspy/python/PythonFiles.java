package jspy.python;

import jspy.process.Mapping;
import jspy.process.MemoryMaps;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The mapped files of a process in the order in which they are asked for an interpreter: libpython,
 * the executable, what is called python (a program that was started through the loader), then
 * everything else, which may embed it.
 */
final class PythonFiles {
    private static final Pattern LIBRARY = Pattern.compile("libpython\\d.*\\.so.*");
    private static final Pattern PROGRAM = Pattern.compile("(?i).*python.*");

    /** Extension modules hold no interpreter; a process may have hundreds. */
    private static final Pattern EXTENSION =
            Pattern.compile(".*\\.(cpython-|abi3|pypy)\\S*so|.*/lib-dynload/.*");

    private PythonFiles() {}

    /**
     * @param executable path of the executable, as maps writes it
     */
    static List<Mapping> ordered(MemoryMaps maps, String executable) {
        List<Mapping> files = new ArrayList<>(maps.files());
        files.removeIf(mapping -> EXTENSION.matcher(mapping.filePath()).matches());
        files.sort(Comparator.comparingInt(mapping -> rank(mapping, executable)));
        return files;
    }

    /** Whether it is worth to search all of its data. */
    static boolean isLikely(Mapping mapping, String executable) {
        return rank(mapping, executable) <= 2;
    }

    // internals

    private static int rank(Mapping mapping, String executable) {
        String name = mapping.fileName();
        if (LIBRARY.matcher(name).matches()) {
            return 0;
        }
        if (mapping.path().equals(executable)) {
            return 1;
        }
        return PROGRAM.matcher(name).matches() && !name.endsWith(".py") ? 2 : 3;
    }
}
