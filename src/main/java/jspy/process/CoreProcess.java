package jspy.process;

import jspy.binary.CoreFile;
import jspy.binary.CoreFile.MappedRange;
import jspy.binary.ElfSegment;
import jspy.memory.PieceMemory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A process of which a core file is left. What cores leave out, code and constants, comes from the
 * files that were mapped, where they are still what they were. Any thread, as long as the arena is
 * open.
 */
public final class CoreProcess implements Program {
    /** Of a file's first page, enough for its headers and, in most files, its build id. */
    private static final int COMPARED_BYTES = 1024;

    /** As a running process names it. */
    private static final String VDSO = "[vdso]";

    private static final byte[] ELF_MAGIC = {0x7f, 'E', 'L', 'F'};

    private final CoreFile core;
    private final Path executable; // null: where it was
    private final Arena arena;
    private final PieceMemory memory;
    private final MemoryMaps maps;
    private final Map<String, String> unusable = new HashMap<>(); // path to why
    private String executablePath = "";

    private CoreProcess(CoreFile core, Path file, Path executable, Arena arena) throws IOException {
        this.core = core;
        this.executable = executable;
        this.arena = arena;
        memory = new PieceMemory("core file " + file);
        for (ElfSegment segment : core.segments()) {
            MemorySegment contents = core.contents(segment);
            if (contents.byteSize() > 0) {
                memory.put(segment.address(), contents);
            }
        }
        for (MappedRange range : core.files()) {
            long entry = core.entryAddress();
            if (Long.compareUnsigned(entry, range.start()) >= 0
                    && Long.compareUnsigned(entry, range.end()) < 0) {
                executablePath = range.path();
            }
        }
        Map<String, MemorySegment> opened = new HashMap<>();
        for (MappedRange range : core.files()) {
            putFile(range, opened);
        }
        maps = MemoryMaps.of(mappings());
    }

    /**
     * @param executable where the program's file is now; null when it is where it was
     */
    public static CoreProcess open(Path file, Path executable, Arena arena) throws IOException {
        return new CoreProcess(CoreFile.open(file, arena), file, executable, arena);
    }

    public CoreFile core() {
        return core;
    }

    /** Ids of all threads as the process saw them; the first one got the signal. */
    public List<Integer> threads() {
        return core.threads();
    }

    /** The signal that ended it; 0 for a core of a process that lived on. */
    public int signal() {
        return core.signal();
    }

    /** All of its memory that is known. */
    public PieceMemory memory() {
        return memory;
    }

    /** Files of which parts were mapped that cannot be used now, and why. */
    public Map<String, String> unusable() {
        return Map.copyOf(unusable);
    }

    @Override
    public int pid() {
        return core.pid();
    }

    @Override
    public boolean isAlive() {
        return true;
    }

    @Override
    public MemoryMaps maps() {
        return maps;
    }

    @Override
    public String executable() {
        return executablePath;
    }

    @Override
    public MappedFile file(Mapping mapping) throws MappedFileException {
        String why = unusable.get(mapping.path());
        if (why != null) {
            throw new MappedFileException(mapping.path(), List.of(why), false);
        }
        return new MappedFile(place(mapping.path()), false);
    }

    // internals

    private Path place(String path) {
        return executable != null && path.equals(executablePath) ? executable : Path.of(path);
    }

    /** Parts of the file stand for memory that the core leaves out. */
    private void putFile(MappedRange range, Map<String, MemorySegment> opened) {
        try {
            MemorySegment file = opened.get(range.path());
            if (file == null && !unusable.containsKey(range.path())) {
                file = map(place(range.path()));
                opened.put(range.path(), file);
            }
            if (file == null) {
                return;
            }
            if (range.fileOffset() == 0 && !beginsAs(file, range.start())) {
                opened.remove(range.path());
                unusable.put(range.path(), "the file there is another one by now");
                return;
            }
            long length =
                    Math.min(range.end() - range.start(), file.byteSize() - range.fileOffset());
            if (range.fileOffset() >= 0 && length > 0) {
                memory.put(range.start(), file.asSlice(range.fileOffset(), length));
            }
        } catch (IOException | RuntimeException e) {
            unusable.put(range.path(), "it cannot be read (%s)".formatted(e.getMessage()));
        }
    }

    private MemorySegment map(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException("it is not there");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }

    /** Whether the core, where it has the first page, has this file's. */
    private boolean beginsAs(MemorySegment file, long address) {
        MemorySegment start = Arena.ofAuto().allocate(COMPARED_BYTES);
        int length = (int) Math.min(COMPARED_BYTES, file.byteSize());
        int copied = memory.read(address, start, 0, length);
        return copied < length || MemorySegment.mismatch(start, 0, length, file, 0, length) < 0;
    }

    private List<Mapping> mappings() {
        List<Mapping> mappings = new ArrayList<>();
        Map<String, Long> numbers = new HashMap<>();
        for (MappedRange range : core.files()) {
            long number = numbers.computeIfAbsent(range.path(), path -> numbers.size() + 1L);
            mappings.add(
                    new Mapping(
                            range.start(),
                            range.end(),
                            permissions(range),
                            range.fileOffset(),
                            0,
                            number,
                            range.path()));
        }
        for (ElfSegment segment : core.segments()) {
            boolean isFile =
                    core.files().stream()
                            .anyMatch(
                                    f ->
                                            Long.compareUnsigned(segment.address(), f.start()) >= 0
                                                    && Long.compareUnsigned(
                                                                    segment.address(), f.end())
                                                            < 0);
            if (!isFile && segment.memorySizeBytes() > 0) {
                long end = segment.address() + segment.memorySizeBytes();
                String name = isVdso(segment) ? VDSO : "";
                mappings.add(
                        new Mapping(segment.address(), end, permissions(segment), 0, 0, 0, name));
            }
        }
        mappings.sort((a, b) -> Long.compareUnsigned(a.start(), b.start()));
        return mappings;
    }

    /** Code of no file that is an ELF file in itself: the kernel's. */
    private boolean isVdso(ElfSegment segment) {
        MemorySegment start = Arena.ofAuto().allocate(ELF_MAGIC.length);
        return segment.isExecutable()
                && memory.read(segment.address(), start, 0, ELF_MAGIC.length) == ELF_MAGIC.length
                && start.mismatch(MemorySegment.ofArray(ELF_MAGIC)) < 0;
    }

    /** Code and constants, which need not be in the core, where no segment says otherwise. */
    private int permissions(MappedRange range) {
        return core.segments().stream()
                .filter(segment -> segment.address() == range.start())
                .mapToInt(CoreProcess::permissions)
                .findFirst()
                .orElse(Mapping.READ | Mapping.EXECUTE);
    }

    private static int permissions(ElfSegment segment) {
        return Mapping.READ
                | (segment.isWritable() ? Mapping.WRITE : 0)
                | (segment.isExecutable() ? Mapping.EXECUTE : 0);
    }
}
