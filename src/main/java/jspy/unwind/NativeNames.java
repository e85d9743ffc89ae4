package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.binary.LineTables;
import jspy.binary.SourceLine;
import jspy.demangle.Demangler;
import jspy.process.TargetProcess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names and source lines of native functions by address in a process. Symbols are read when a
 * binary is first asked for, so never on a sampling thread. One thread.
 */
public final class NativeNames implements AutoCloseable {
    /** What is known of one binary: its functions, and its lines where there are any. */
    private record Known(NativeSymbols symbols, FunctionStarts starts, LineTables linesOrNull) {}

    /** {@code Python/perf_trampoline.c} */
    private static final String TRAMPOLINE = "py::";

    private final Arena arena = Arena.ofConfined();
    private final DebugFiles debugFiles;
    private final CythonLines cython;
    private final PerfMap generated;
    private final Map<Elf, Known> files = new HashMap<>();
    private final Map<String, String> readable = new HashMap<>();

    /**
     * @param root the target's root folder, {@code /proc/PID/root}
     */
    public NativeNames(Path root) {
        this(root, Path.of("/nowhere"));
    }

    private NativeNames(Path root, Path perfMap) {
        List<Path> roots = List.of(root, Path.of("/"));
        debugFiles = new DebugFiles(roots, arena);
        cython = new CythonLines(roots);
        generated = new PerfMap(perfMap);
    }

    /** With the names of code that the process made itself, as it says them to perf. */
    public static NativeNames of(TargetProcess process) {
        Path root = process.proc().path(process.pid(), "root");
        return new NativeNames(root, root.resolve("tmp/perf-%d.map".formatted(innerPid(process))));
    }

    /**
     * The function of an instruction; {@code module+0xstart} when its name is not known, or the
     * address where not even that is.
     *
     * @param isExact the instruction that runs; else it is the one behind a call that counts
     */
    public String name(NativeModule module, long programCounter, boolean isExact) {
        if (module.elfOrNull() == null) {
            return generated(module, programCounter, isExact)
                    .orElseGet(
                            () ->
                                    "%s+0x%x"
                                            .formatted(
                                                    owner(module),
                                                    programCounter - module.start()));
        }
        return known(module, programCounter, isExact)
                .map(name -> readable.computeIfAbsent(name, Demangler::demangle))
                .orElseGet(() -> unnamed(module, address(module, programCounter, isExact)));
    }

    /** The same with the source file and line, or with the binary's. */
    public NativePlace place(NativeModule module, long programCounter, boolean isExact) {
        return place(module, programCounter, isExact, name(module, programCounter, isExact));
    }

    /**
     * The same of an instruction whose function was asked for already.
     *
     * @param function as {@link #name} says it
     */
    public NativePlace place(
            NativeModule module, long programCounter, boolean isExact, String function) {
        if (function.startsWith(TRAMPOLINE) && module.elfOrNull() == null) {
            return python(function);
        }
        Optional<SourceLine> line = line(module, programCounter, isExact);
        if (line.isPresent()) {
            String file = line.get().file();
            String last = file.substring(file.lastIndexOf('/') + 1);
            return new NativePlace(function, file, last, line.get().line());
        }
        String owner = owner(module);
        return new NativePlace(function, module.path().isEmpty() ? owner : module.path(), owner, 0);
    }

    /** {@code py::function:file}, as CPython names its trampolines. */
    private static NativePlace python(String name) {
        int colon = name.indexOf(':', TRAMPOLINE.length());
        String file = colon < 0 ? "[anonymous]" : name.substring(colon + 1);
        String function = colon < 0 ? name : name.substring(0, colon);
        return new NativePlace(function, file, file.substring(file.lastIndexOf('/') + 1), 0);
    }

    /** The function's own name as the binary has it, if it says it. */
    Optional<String> known(NativeModule module, long programCounter, boolean isExact) {
        return module.elfOrNull() == null
                ? Optional.empty()
                : of(module).symbols().name(address(module, programCounter, isExact));
    }

    @Override
    public void close() {
        arena.close();
    }

    // internals

    private static int innerPid(TargetProcess process) {
        try {
            int[] ids = process.status().namespacedIds();
            return ids.length == 0 ? process.pid() : ids[ids.length - 1];
        } catch (IOException e) {
            return process.pid(); // it ended: nothing will be found
        }
    }

    private String unnamed(NativeModule module, long address) {
        long start = of(module).starts().of(address).orElse(address);
        return "%s+0x%x".formatted(module.name(), start);
    }

    private Optional<String> generated(NativeModule module, long programCounter, boolean isExact) {
        return module.path().isEmpty()
                ? generated.name(isExact ? programCounter : programCounter - 1)
                : Optional.empty();
    }

    private Optional<SourceLine> line(NativeModule module, long programCounter, boolean isExact) {
        if (module.elfOrNull() == null || of(module).linesOrNull() == null) {
            return Optional.empty();
        }
        return of(module)
                .linesOrNull()
                .find(address(module, programCounter, isExact))
                .map(line -> isCython(module, programCounter, isExact) ? cython.of(line) : line);
    }

    /** Not one of Cython's helpers, which stand for no line of the source. */
    private boolean isCython(NativeModule module, long programCounter, boolean isExact) {
        return known(module, programCounter, isExact)
                .filter(name -> name.startsWith("__pyx_"))
                .isPresent();
    }

    private static long address(NativeModule module, long programCounter, boolean isExact) {
        return (isExact ? programCounter : programCounter - 1) - module.bias();
    }

    private static String owner(NativeModule module) {
        return module.name().isEmpty() ? "[anonymous]" : module.name();
    }

    private Known of(NativeModule module) {
        Elf elf = module.elfOrNull();
        return files.computeIfAbsent(
                elf,
                key -> {
                    List<Elf> all = new ArrayList<>(debugFiles.of(elf, module.path()));
                    all.add(elf);
                    return new Known(
                            NativeSymbols.of(all), new FunctionStarts(elf), linesOrNull(all));
                });
    }

    private static LineTables linesOrNull(List<Elf> files) {
        for (Elf file : files) {
            try {
                Optional<LineTables> tables = LineTables.of(file);
                if (tables.isPresent()) {
                    return tables.get();
                }
            } catch (BinaryFormatException e) {
                // compressed in a way that is not read, or damaged: names go without lines
            }
        }
        return null;
    }
}
