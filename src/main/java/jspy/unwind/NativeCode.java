package jspy.unwind;

import jspy.binary.BinaryFormatException;
import jspy.binary.Elf;
import jspy.binary.ElfHeader;
import jspy.binary.ElfSegment;
import jspy.memory.TargetMemory;
import jspy.process.CoreProcess;
import jspy.process.Mapping;
import jspy.process.MemoryMaps;
import jspy.process.Program;
import jspy.process.TargetProcess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The code of a process: opens what it has mapped, and builds unwind tables on a thread of its own
 * while single functions are looked up. {@link #refresh} and {@link #modules} on one thread; files
 * stay open until {@link #close}.
 */
public final class NativeCode implements AutoCloseable {
    /** libffi maps a page of its own again for trampolines. */
    private static final long MAX_TRAMPOLINES_BYTES = 16 << 10;

    /** Larger than any vdso; what the maps promise is not believed. */
    private static final long MAX_VDSO_BYTES = 1 << 20;

    private static final String VDSO = "[vdso]";

    private final Program process;
    private final TargetMemory memory;
    private final Expressions expressions = new Expressions();
    private final Arena arena = Arena.ofShared();
    private final Map<FileKey, BinaryRules> files = new HashMap<>();
    private final List<String> failures = new ArrayList<>();
    private final Machine machine;
    private NativeModules modules = new NativeModules(List.of());
    private Thread builder;
    private volatile boolean isClosed;

    private record FileKey(long device, long inode, String path) {}

    /**
     * @param memory read for the vdso, which is in no file; on the calling thread
     */
    public NativeCode(TargetProcess process, TargetMemory memory) throws IOException {
        this(process, memory, Elf.header(process.executableFile().path()));
    }

    /** Of a process of which a core file is left. */
    public NativeCode(CoreProcess core) throws IOException {
        this(core, core.memory().again(), core.core().header());
    }

    private NativeCode(Program process, TargetMemory memory, ElfHeader header)
            throws BinaryFormatException {
        this.process = process;
        this.memory = memory;
        machine = machine(header);
    }

    /** Looks at what is mapped now; true when that changed. */
    public boolean refresh() throws IOException {
        return refresh(process.maps());
    }

    boolean refresh(MemoryMaps maps) {
        List<NativeModule> found = new ArrayList<>();
        for (Mapping mapping : maps.list()) {
            if (mapping.isExecutable() && mapping.start() >= 0) {
                found.add(module(mapping));
            }
        }
        boolean isChanged = modules.count() != found.size();
        for (int i = 0; i < found.size() && !isChanged; i++) {
            isChanged = !found.get(i).equals(modules.get(i));
        }
        if (isChanged) {
            modules = new NativeModules(found);
        }
        return isChanged;
    }

    /** What was mapped at the last {@link #refresh}. */
    public NativeModules modules() {
        return modules;
    }

    public Machine machine() {
        return machine;
    }

    /** One for each thread that unwinds. */
    public Unwinder unwinder() {
        return new Unwinder(machine, expressions);
    }

    /** Files that could not be opened, and why. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** Builds missing tables in the background, if that is not going on already. */
    public void buildTables() {
        NativeModules wanted = modules;
        if (wanted.isReady() || (builder != null && builder.isAlive())) {
            return;
        }
        builder =
                Thread.ofPlatform().daemon().name("jspy-unwind-tables").start(() -> build(wanted));
    }

    /** Waits for the tables that are being built. */
    public void awaitTables() throws InterruptedException {
        if (builder != null) {
            builder.join();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        boolean wasInterrupted = false;
        while (builder != null && builder.isAlive()) {
            try {
                builder.join();
            } catch (InterruptedException e) {
                wasInterrupted = true;
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        arena.close();
    }

    // internals

    private void build(NativeModules wanted) {
        for (int i = 0; i < wanted.count() && !isClosed; i++) {
            CodeRules rules = wanted.get(i).rules();
            if (rules != null) {
                rules.build();
            }
        }
    }

    private static Machine machine(ElfHeader header) throws BinaryFormatException {
        return switch (header.machine()) {
            case ElfHeader.MACHINE_X86_64 -> Machine.X86_64;
            case ElfHeader.MACHINE_AARCH64 -> Machine.AARCH64;
            default ->
                    throw new BinaryFormatException(
                            BinaryFormatException.Kind.UNSUPPORTED,
                            "native frames of %s programs; jspy unwinds x86-64 and aarch64"
                                    .formatted(header.machineName()));
        };
    }

    private NativeModule module(Mapping mapping) {
        if (mapping.path().isEmpty()) {
            return trampolines(mapping, "");
        }
        if (mapping.isFile() && mapping.sizeBytes() <= MAX_TRAMPOLINES_BYTES) {
            NativeModule trampolines = trampolines(mapping, mapping.fileName());
            if (trampolines.rules() != null) {
                return trampolines;
            }
        }
        FileKey key = new FileKey(mapping.device(), mapping.inode(), mapping.path());
        boolean isVdso = mapping.path().equals(VDSO);
        if (!files.containsKey(key) && (isVdso || mapping.isFile())) {
            files.put(key, openOrNull(mapping, isVdso));
        }
        BinaryRules rules = isVdso || mapping.isFile() ? files.get(key) : null;
        OptionalLong bias = rules == null ? OptionalLong.empty() : bias(rules, mapping, isVdso);
        return new NativeModule(
                mapping.start(),
                mapping.end(),
                isVdso ? VDSO : mapping.fileName(),
                mapping.isFile() ? mapping.filePath() : "",
                bias.orElse(0),
                bias.isPresent() ? rules : null);
    }

    /** Code without unwind information. What is at the same place as before is the same. */
    private NativeModule trampolines(Mapping mapping, String name) {
        int before = modules.find(mapping.start());
        NativeModule same = before < 0 ? null : modules.get(before);
        if (same != null
                && same.start() == mapping.start()
                && same.end() == mapping.end()
                && same.name().equals(name)
                && same.path().isEmpty()) {
            return same;
        }
        return new NativeModule(
                mapping.start(),
                mapping.end(),
                name,
                "",
                mapping.start(),
                TrampolineRules.readOrNull(memory, mapping, machine));
    }

    private BinaryRules openOrNull(Mapping mapping, boolean isVdso) {
        try {
            Elf elf = isVdso ? vdso(mapping) : Elf.open(process.file(mapping).path(), arena);
            return new BinaryRules(elf, expressions);
        } catch (IOException e) {
            failures.add("%s: %s".formatted(mapping.path(), e.getMessage()));
            return null;
        }
    }

    private Elf vdso(Mapping mapping) throws IOException {
        long sizeBytes = Math.min(mapping.sizeBytes(), MAX_VDSO_BYTES);
        MemorySegment copy = arena.allocate(sizeBytes, 8);
        int got = memory.read(mapping.start(), copy, 0, (int) sizeBytes);
        if (got < 0) {
            throw new IOException("cannot be read at 0x%x".formatted(mapping.start()));
        }
        return Elf.ofImage(copy.asSlice(0, got).asReadOnly(), mapping.start());
    }

    private static OptionalLong bias(BinaryRules rules, Mapping mapping, boolean isVdso) {
        if (!isVdso) {
            return rules.elf().codeBias(mapping.start(), mapping.offset());
        }
        return rules.elf().segments().stream()
                .filter(segment -> segment.type() == ElfSegment.LOAD)
                .mapToLong(segment -> mapping.start() - segment.address())
                .findFirst();
    }
}
