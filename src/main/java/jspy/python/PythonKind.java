package jspy.python;

import jspy.process.Mapping;
import jspy.process.MemoryMaps;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process seems to be by the names of its files alone: cheap enough for every process of a
 * machine. {@link RuntimeFinder} has the last word.
 *
 * @param version as far as a name says it: {@code 3.11}, else empty
 * @param file whose name says so; empty for {@link Kind#OTHER}
 */
public record PythonKind(Kind kind, String version, String file) {
    /** What jspy tells apart. */
    public enum Kind {
        CPYTHON,
        PYPY,
        GRAALPY,
        OTHER
    }

    private static final Pattern PYPY =
            Pattern.compile("(lib)?pypy(\\d(\\.\\d+)?)?(-c)?(\\.so.*)?");
    private static final Pattern GRAALPY = Pattern.compile("graalpy.*|libpythonvm.*\\.so");
    private static final Pattern LIBRARY = Pattern.compile("libpython(\\d(?:\\.\\d+)?).*\\.so.*");
    private static final Pattern PROGRAM = Pattern.compile("python(\\d(?:\\.\\d+)?)?[td]*");

    /** Extension modules of the standard library: a program that embeds a static interpreter. */
    private static final Pattern MODULE =
            Pattern.compile(".*/python(\\d\\.\\d+)t?/lib-dynload/[^/]+\\.so");

    private static final PythonKind OTHER = new PythonKind(Kind.OTHER, "", "");

    /** By the executable's name alone; {@link Kind#OTHER} when it says nothing. */
    public static PythonKind ofExecutable(String executable) {
        String path = executable.replaceFirst(" \\(deleted\\)$", "");
        return ofName(path.substring(path.lastIndexOf('/') + 1), path);
    }

    /**
     * By the executable's name and those of all files that are loaded. Who only reads one, as a
     * jspy that unwinds, has it mapped, too, but neither to run nor to write.
     */
    public static PythonKind of(MemoryMaps maps, String executable) {
        PythonKind known = ofExecutable(executable);
        for (Mapping mapping : maps.list()) {
            if (known.kind != Kind.OTHER) {
                return known;
            }
            if (mapping.isFile() && (mapping.isExecutable() || mapping.isWritable())) {
                known = ofName(mapping.fileName(), mapping.filePath());
            }
        }
        return known;
    }

    public boolean mayBeCPython() {
        return kind == Kind.CPYTHON;
    }

    /** For people: {@code PyPy}. */
    public String title() {
        return switch (kind) {
            case CPYTHON -> "CPython";
            case PYPY -> "PyPy";
            case GRAALPY -> "GraalPy";
            case OTHER -> "no Python";
        };
    }

    // internals

    private static PythonKind ofName(String name, String path) {
        if (PYPY.matcher(name).matches()) {
            return new PythonKind(Kind.PYPY, "", path);
        }
        if (GRAALPY.matcher(name).matches()) {
            return new PythonKind(Kind.GRAALPY, "", path);
        }
        for (Pattern pattern : new Pattern[] {LIBRARY, PROGRAM}) {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
                return cpython(matcher, path);
            }
        }
        Matcher module = MODULE.matcher(path);
        return module.matches() ? cpython(module, path) : OTHER;
    }

    private static PythonKind cpython(Matcher matcher, String path) {
        String version = matcher.group(1);
        return new PythonKind(Kind.CPYTHON, version == null ? "" : version, path);
    }
}
