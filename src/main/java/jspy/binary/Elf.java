package jspy.binary;

import jspy.binary.BinaryFormatException.Kind;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A 64-bit little-endian ELF file: what is loaded where, its sections, and its symbols by name.
 *
 * <p>Addresses are the file's own, before the load bias. Immutable; any thread, as long as the
 * arena it was opened in allows. Files are hostile input: whatever they hold, a {@link
 * BinaryFormatException} is the worst that comes out.
 */
public final class Elf {
    /**
     * The smallest unit that is mapped; on systems with larger pages offsets are multiples of it
     * too.
     */
    private static final long PAGE_BYTES = 4096;

    /** {@code PATH_MAX}, linux/limits.h */
    private static final int MAX_PATH_BYTES = 4096;

    private final Bytes bytes;
    private final ElfHeader header;
    private final List<ElfSegment> segments;
    private final List<ElfSection> sections;
    private final LoadedBytes loaded;
    private final SymbolTable symbols;
    private final DynamicSymbols dynamic;

    private Elf(MemorySegment segment, boolean isImage, long imageAddress)
            throws BinaryFormatException {
        bytes = new Bytes(segment);
        header = ElfHeader.read(bytes);
        if (!header.is64Bit()) {
            throw new BinaryFormatException(
                    Kind.UNSUPPORTED, "32-bit ELF file (%s)".formatted(header.machineName()));
        }
        segments = ElfTables.segments(bytes, header);
        sections = isImage ? List.of() : ElfTables.sections(bytes, header);
        loaded = new LoadedBytes(bytes, segments, isImage, imageAddress);
        symbols = symbolTableOrNull();
        dynamic = DynamicSymbols.readOrNull(loaded);
    }

    /** Maps the file read-only; it stays mapped until the arena is closed. */
    public static Elf open(Path path, Arena arena) throws IOException {
        return of(map(path, arena));
    }

    public static Elf of(MemorySegment file) throws BinaryFormatException {
        return guarded(() -> new Elf(file, false, 0));
    }

    /**
     * A copy of what a process has in memory from {@code address} on: dynamic symbols only, no
     * sections.
     */
    public static Elf ofImage(MemorySegment image, long address) throws BinaryFormatException {
        return guarded(() -> new Elf(image, true, address));
    }

    /** The head of an ELF file of 32 or 64 bits. */
    public static ElfHeader header(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            Bytes file = new Bytes(map(path, arena));
            return guarded(() -> ElfHeader.read(file));
        }
    }

    public ElfHeader header() {
        return header;
    }

    public List<ElfSegment> segments() {
        return segments;
    }

    public List<ElfSection> sections() {
        return sections;
    }

    public Optional<ElfSection> section(String name) {
        return sections.stream().filter(section -> section.name().equals(name)).findFirst();
    }

    /**
     * The bytes of a section as they are in the file; none for {@code .bss} and its like. They are
     * the mapped file itself: reading them may end in an {@link InternalError} if its owner cuts it
     * short meanwhile.
     */
    public MemorySegment contents(ElfSection section) throws BinaryFormatException {
        long sizeBytes = section.hasBytesInFile() ? section.sizeBytes() : 0;
        return bytes.segment(section.fileOffset(), sizeBytes, "section " + section.name());
    }

    /** The same of a section that may be stored compressed ({@code SHF_COMPRESSED}). */
    public MemorySegment uncompressed(ElfSection section) throws BinaryFormatException {
        MemorySegment stored = contents(section);
        return section.isCompressed()
                ? guarded(() -> CompressedSection.read(new Bytes(stored), section.name()))
                : stored;
    }

    /** Bytes of the file that are loaded at {@code address}. */
    public MemorySegment contents(long address, long lengthBytes) throws BinaryFormatException {
        return loaded.at(address, lengthBytes).segment(0, lengthBytes, "range");
    }

    /** A copy of bytes of the file that are loaded at {@code address}. */
    public MemorySegment copy(long address, int lengthBytes) throws BinaryFormatException {
        return guarded(
                () ->
                        MemorySegment.ofArray(
                                contents(address, lengthBytes).toArray(ValueLayout.JAVA_BYTE)));
    }

    /**
     * A defined symbol: by the hash table of the dynamic ones, then by looking through {@code
     * .symtab}.
     */
    public Optional<ElfSymbol> symbol(String name) throws BinaryFormatException {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        return guarded(() -> Optional.ofNullable(symbolOrNull(wanted)));
    }

    /**
     * The same of a symbol that is offered to other files where there is one: what is not costs a
     * look into a hash table, not one at tens of thousands of names. A file that offers nothing is
     * looked through.
     */
    public Optional<ElfSymbol> offered(String name) throws BinaryFormatException {
        byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
        return dynamic == null
                ? symbol(name)
                : guarded(() -> Optional.ofNullable(dynamic.findOrNull(wanted)));
    }

    /**
     * All defined symbols, {@code .symtab} if it is there, else the dynamic ones; made while it is
     * iterated.
     */
    public Iterable<ElfSymbol> symbols() {
        if (symbols != null) {
            return symbols;
        }
        return dynamic != null ? dynamic.table() : List.of();
    }

    /** The symbols offered to the loader alone: {@code .symtab} may have been kept apart. */
    public Iterable<ElfSymbol> dynamicSymbols() {
        return dynamic != null ? dynamic.table() : List.of();
    }

    /** Whether there is a {@code .symtab}: a file without one was stripped. */
    public boolean hasSymbolTable() {
        return symbols != null;
    }

    /** In lower-case hex. */
    public Optional<String> buildId() throws BinaryFormatException {
        return guarded(() -> findBuildId(loaded));
    }

    /** {@code PT_INTERP}: path of the loader; none for static executables and most libraries. */
    public Optional<String> interpreter() throws BinaryFormatException {
        ElfSegment segment = loaded.firstOrNull(ElfSegment.INTERPRETER);
        if (segment == null) {
            return Optional.empty();
        }
        return guarded(() -> Optional.of(loaded.contents(segment).string(0, MAX_PATH_BYTES)));
    }

    /**
     * What to add to this file's addresses, given one mapping of it: where it starts and the offset
     * in the file that it starts with. Empty when no segment would be mapped like that. Ask with
     * the lowest mapping: its answer is unambiguous even where two segments share a page.
     */
    public OptionalLong loadBias(long mapStart, long mapOffset) {
        return loadBias(mapStart, mapOffset, false);
    }

    /**
     * The same of a mapping that can be executed: only segments that can be are considered. Where
     * the pages of two segments overlap in the file, as in what auditwheel made, only this is
     * right.
     */
    public OptionalLong codeBias(long mapStart, long mapOffset) {
        return loadBias(mapStart, mapOffset, true);
    }

    /** All bytes from the one that is loaded at {@code address} to the end of the file. */
    Bytes from(long address) throws BinaryFormatException {
        return loaded.from(address);
    }

    interface Reading<T> {
        T read() throws BinaryFormatException;
    }

    /**
     * A mapped file that its owner cuts short faults when it is read; the JVM reports that, a
     * little later, as an {@link InternalError}.
     */
    static <T> T guarded(Reading<T> reading) throws BinaryFormatException {
        try {
            return reading.read();
        } catch (InternalError e) {
            throw BinaryFormatException.corrupt("the file became shorter while it was read");
        }
    }

    // internals

    private OptionalLong loadBias(long mapStart, long mapOffset, boolean isCode) {
        if (header.type() == ElfHeader.Type.EXECUTABLE) {
            return OptionalLong.of(0);
        }
        for (ElfSegment segment : segments) {
            if (isCode && !segment.isExecutable()) {
                continue;
            }
            long firstPage = segment.fileOffset() & -PAGE_BYTES;
            if (segment.type() == ElfSegment.LOAD
                    && mapOffset >= firstPage
                    && mapOffset - segment.fileOffset() < segment.fileSizeBytes()) {
                return OptionalLong.of(
                        mapStart - mapOffset - segment.address() + segment.fileOffset());
            }
        }
        return OptionalLong.empty();
    }

    private ElfSymbol symbolOrNull(byte[] name) throws BinaryFormatException {
        ElfSymbol found = dynamic == null ? null : dynamic.findOrNull(name);
        if (found == null && symbols != null) {
            long index = symbols.scan(name);
            found = index < 0 ? null : symbols.symbol(index);
        }
        return found;
    }

    private static Optional<String> findBuildId(LoadedBytes loaded) throws BinaryFormatException {
        for (ElfSegment segment : loaded.segments()) {
            if (segment.type() == ElfSegment.NOTE) {
                Optional<String> id = BuildId.find(loaded.contents(segment));
                if (id.isPresent()) {
                    return id;
                }
            }
        }
        return Optional.empty();
    }

    private SymbolTable symbolTableOrNull() throws BinaryFormatException {
        for (ElfSection section : sections) {
            if (section.type() == ElfSection.SYMBOLS
                    && section.link() >= 0
                    && section.link() < sections.size()) {
                ElfSection strings = sections.get(section.link());
                return new SymbolTable(
                        bytes.slice(section.fileOffset(), section.sizeBytes(), "symbol table"),
                        bytes.slice(strings.fileOffset(), strings.sizeBytes(), "symbol names"));
            }
        }
        return null;
    }

    private static MemorySegment map(Path path, Arena arena) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new BinaryFormatException(
                    Kind.NOT_THIS_FORMAT, "%s is not a regular file".formatted(path));
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
    }
}
