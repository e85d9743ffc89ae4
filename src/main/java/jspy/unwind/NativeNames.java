package jspy.unwind;

import jspy.binary.Elf;
import jspy.demangle.Demangler;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Names of native functions by address in a process. Symbols are read when a binary is first asked
 * for, so never on a sampling thread. One thread.
 */
public final class NativeNames implements AutoCloseable {
    private final Arena arena = Arena.ofConfined();
    private final DebugFiles debugFiles;
    private final Map<Elf, NativeSymbols> symbols = new HashMap<>();
    private final Map<String, String> readable = new HashMap<>();

    /**
     * @param root the target's root folder, {@code /proc/PID/root}
     */
    public NativeNames(Path root) {
        debugFiles = new DebugFiles(List.of(root, Path.of("/")), arena);
    }

    /**
     * The function of an instruction, {@code module+0xoffset} when its name is not known.
     *
     * @param isExact the instruction that runs; else it is the one behind a call that counts
     */
    public String name(NativeModule module, long programCounter, boolean isExact) {
        long address = (isExact ? programCounter : programCounter - 1) - module.bias();
        if (module.rules() == null) {
            String owner = module.name().isEmpty() ? "[anonymous]" : module.name();
            return "%s+0x%x".formatted(owner, programCounter - module.start());
        }
        return symbols(module)
                .name(address)
                .map(name -> readable.computeIfAbsent(name, Demangler::demangle))
                .orElseGet(
                        () -> "%s+0x%x".formatted(module.name(), programCounter - module.bias()));
    }

    /** The function's own name as the binary has it, if it says it. */
    Optional<String> known(NativeModule module, long programCounter, boolean isExact) {
        return module.rules() == null
                ? Optional.empty()
                : symbols(module)
                        .name((isExact ? programCounter : programCounter - 1) - module.bias());
    }

    @Override
    public void close() {
        arena.close();
    }

    // internals

    private NativeSymbols symbols(NativeModule module) {
        Elf elf = module.elfOrNull();
        return symbols.computeIfAbsent(
                elf,
                key -> {
                    List<Elf> files = new ArrayList<>(debugFiles.of(elf, module.path()));
                    files.add(elf);
                    return NativeSymbols.of(files);
                });
    }
}
