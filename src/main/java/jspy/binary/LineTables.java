package jspy.binary;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Source lines of a binary's code: {@code .debug_line} of DWARF 2 to 5. What is kept is where each
 * sequence of rows begins, and the rows of those that were asked for, as many as fit; beyond them a
 * look-up runs its sequence again. One thread, which does not sample.
 */
public final class LineTables {
    /** Tables of the largest libraries have some hundred thousand sequences. */
    private static final int MAX_SEQUENCES = 1 << 22;

    /** Rows that are kept, 12 bytes each. */
    private static final int MAX_KEPT_ROWS = 1 << 19;

    /** {@code [low, high)} and where its rows begin. */
    private record Sequence(long low, long high, LineUnit unit, long programAt) {}

    private final Bytes bytes;
    private final Sequence[] sequences;
    private final long[] starts;
    private final Map<Integer, Optional<LineRows>> kept = new HashMap<>(); // by sequence
    private int keptRows;

    private LineTables(Bytes bytes, List<Sequence> found) {
        this.bytes = bytes;
        sequences = found.toArray(Sequence[]::new);
        Arrays.sort(sequences, (a, b) -> Long.compareUnsigned(a.low(), b.low()));
        starts = Arrays.stream(sequences).mapToLong(Sequence::low).toArray();
    }

    /** Empty when the file has none; what cannot be read of a damaged one is left out. */
    public static Optional<LineTables> of(Elf elf) throws BinaryFormatException {
        Optional<ElfSection> section = elf.section(".debug_line");
        if (section.isEmpty() || !section.get().hasBytesInFile()) {
            return Optional.empty();
        }
        Bytes bytes = new Bytes(elf.uncompressed(section.get()));
        LineUnit.Strings strings =
                new LineUnit.Strings(bytesOf(elf, ".debug_line_str"), bytesOf(elf, ".debug_str"));
        List<Sequence> found = new ArrayList<>();
        Elf.guarded(
                () -> {
                    forEachUnit(bytes, strings, unit -> collect(elf, bytes, unit, found));
                    return null;
                });
        return Optional.of(new LineTables(bytes, found));
    }

    /** The line of an instruction; empty when the file does not say it. */
    public Optional<SourceLine> find(long address) {
        int at = Arrays.binarySearch(starts, address);
        if (at < 0) {
            at = -at - 2;
        }
        if (at < 0 || Long.compareUnsigned(address, sequences[at].high()) >= 0) {
            return Optional.empty();
        }
        int sequence = at;
        try {
            return Elf.guarded(() -> Optional.ofNullable(lineOrNull(sequence, address)));
        } catch (BinaryFormatException e) {
            return Optional.empty();
        }
    }

    int sequenceCount() {
        return sequences.length;
    }

    // internals

    interface UnitReader {
        void read(LineUnit unit) throws BinaryFormatException;
    }

    /** A unit that cannot be read is passed over: the next one is where its length says. */
    static void forEachUnit(Bytes bytes, LineUnit.Strings strings, UnitReader reader)
            throws BinaryFormatException {
        long at = 0;
        while (bytes.has(at, 4)) {
            long lengthBytes = bytes.u32(at);
            boolean is64Bit = LineUnit.is64Bit(lengthBytes);
            long from = at + (is64Bit ? 12 : 4);
            lengthBytes = is64Bit && bytes.has(at, 12) ? bytes.u64(at + 4) : lengthBytes;
            if (!bytes.has(from, lengthBytes)) {
                return;
            }
            try {
                DwarfCursor in = new DwarfCursor(bytes, 0).moveTo(from, from + lengthBytes);
                LineUnit unit = LineUnit.readOrNull(in, from + lengthBytes, is64Bit, strings);
                if (unit != null) {
                    reader.read(unit);
                }
            } catch (BinaryFormatException e) {
                // the rest of this unit means nothing
            }
            at = from + lengthBytes;
        }
    }

    private static void collect(Elf elf, Bytes bytes, LineUnit unit, List<Sequence> into)
            throws BinaryFormatException {
        LineProgram program = new LineProgram(unit, new DwarfCursor(bytes, 0));
        long[] begin = {unit.programAt()};
        long[] low = {0};
        boolean[] isOpen = {false};
        program.run(
                unit.programAt(),
                (address, file, line, isEnd) -> {
                    if (!isOpen[0]) {
                        low[0] = address;
                        isOpen[0] = true;
                    }
                    if (isEnd) {
                        if (Long.compareUnsigned(low[0], address) < 0 && isCode(elf, low[0])) {
                            into.add(new Sequence(low[0], address, unit, begin[0]));
                        }
                        begin[0] = program.at();
                        isOpen[0] = false;
                    }
                    return into.size() < MAX_SEQUENCES;
                });
    }

    /** Of functions that the linker dropped the rows are still there, at 0 or at the end. */
    private static boolean isCode(Elf elf, long address) {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.LOAD
                    && segment.isExecutable()
                    && address >= segment.address()
                    && address - segment.address() < segment.memorySizeBytes()) {
                return true;
            }
        }
        return false;
    }

    private SourceLine lineOrNull(int index, long wanted) throws BinaryFormatException {
        Sequence sequence = sequences[index];
        LineRows rows = rowsOrNull(index);
        if (rows == null) {
            return runTo(sequence, wanted);
        }
        int row = rows.find(wanted);
        return row < 0 ? null : lineOrNull(sequence, rows.file(row), rows.line(row));
    }

    private LineRows rowsOrNull(int index) throws BinaryFormatException {
        Optional<LineRows> known = kept.get(index);
        if (known == null) {
            Sequence sequence = sequences[index];
            LineProgram program = new LineProgram(sequence.unit(), new DwarfCursor(bytes, 0));
            int room = MAX_KEPT_ROWS - keptRows;
            known =
                    Optional.ofNullable(
                            LineRows.runOrNull(
                                    program, sequence.programAt(), sequence.low(), room));
            keptRows += known.map(LineRows::count).orElse(0);
            kept.put(index, known);
        }
        return known.orElse(null);
    }

    private SourceLine runTo(Sequence sequence, long wanted) throws BinaryFormatException {
        LineProgram program = new LineProgram(sequence.unit(), new DwarfCursor(bytes, 0));
        long[] found = {0, 0};
        program.run(
                sequence.programAt(),
                (address, file, line, isEnd) -> {
                    if (Long.compareUnsigned(address, wanted) > 0) {
                        return false;
                    }
                    found[0] = file;
                    found[1] = line;
                    return !isEnd;
                });
        return lineOrNull(sequence, found[0], found[1]);
    }

    private static SourceLine lineOrNull(Sequence sequence, long file, long line) {
        String path = sequence.unit().pathOrNull(file);
        return path == null || line <= 0 || line > Integer.MAX_VALUE
                ? null
                : new SourceLine(path, (int) line);
    }

    private static Bytes bytesOf(Elf elf, String name) throws BinaryFormatException {
        Optional<ElfSection> section = elf.section(name);
        return new Bytes(
                section.isPresent()
                        ? elf.uncompressed(section.get())
                        : MemorySegment.ofArray(new byte[0]));
    }
}
