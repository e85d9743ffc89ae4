package jspy.binary;

import jspy.binary.BinaryFormatException.Kind;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is left of a process in an ELF core file, as the kernel and gdb's gcore write it: its
 * memory, its threads, and which files it had mapped. Immutable; hostile bytes end in a {@link
 * BinaryFormatException}.
 */
public final class CoreFile {
    /** {@code NT_PRSTATUS}, elf.h: a thread; the first one got the signal. */
    private static final long STATUS = 1;

    /** {@code NT_PRPSINFO}, elf.h */
    private static final long PROCESS = 3;

    /** {@code NT_AUXV}, elf.h */
    private static final long AUXILIARY = 6;

    /** {@code NT_FILE}, elf.h */
    private static final long FILES = 0x46494c45;

    /** {@code AT_ENTRY}, elf.h: where the program itself starts. */
    private static final long ENTRY = 9;

    /** {@code pr_cursig} and {@code pr_pid} of {@code struct elf_prstatus}, sys/procfs.h. */
    private static final int SIGNAL_AT = 12;

    private static final int THREAD_ID_AT = 32;

    /** {@code pr_reg}, between what is the same on 64-bit machines and {@code pr_fpvalid}. */
    private static final int REGISTERS_AT = 112;

    private static final int BEHIND_REGISTERS_BYTES = 8;

    /** {@code pr_pid}, {@code pr_fname}, {@code pr_psargs} of {@code struct elf_prpsinfo}. */
    private static final int PROCESS_ID_AT = 24;

    private static final int NAME_AT = 40;
    private static final int NAME_BYTES = 16;
    private static final int ARGUMENTS_AT = 56;
    private static final int ARGUMENTS_BYTES = 80;

    /** {@code PATH_MAX}, linux/limits.h */
    private static final int MAX_PATH_BYTES = 4096;

    private static final int NOTE_HEADER_BYTES = 12;
    private static final int FILE_ENTRY_BYTES = 24;

    private final Bytes bytes;
    private final ElfHeader header;
    private final List<ElfSegment> segments;
    private final List<Integer> threads = new ArrayList<>();
    private final Map<Integer, MemorySegment> registers = new HashMap<>();
    private final List<MappedRange> files = new ArrayList<>();
    private int signal;
    private int pid;
    private String name = "";
    private String arguments = "";
    private long entryAddress;

    /**
     * A part of a file that was mapped.
     *
     * @param fileOffset in bytes
     */
    public record MappedRange(long start, long end, long fileOffset, String path) {}

    private CoreFile(Bytes bytes) throws BinaryFormatException {
        this.bytes = bytes;
        header = ElfHeader.read(bytes);
        if (header.type() != ElfHeader.Type.CORE || !header.is64Bit()) {
            throw new BinaryFormatException(
                    Kind.NOT_THIS_FORMAT,
                    header.type() == ElfHeader.Type.CORE
                            ? "32-bit core file (%s)".formatted(header.machineName())
                            : "an ELF file, but no core file");
        }
        segments = ElfTables.segments(bytes, header);
        for (ElfSegment segment : segments) {
            if (segment.type() == ElfSegment.NOTE) {
                readNotes(segment);
            }
        }
        if (threads.isEmpty()) {
            throw BinaryFormatException.corrupt("the core file names no thread");
        }
    }

    /** Maps the file read-only; it stays mapped until the arena is closed. */
    public static CoreFile open(Path path, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return of(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    public static CoreFile of(MemorySegment file) throws BinaryFormatException {
        return Elf.guarded(() -> new CoreFile(new Bytes(file)));
    }

    public ElfHeader header() {
        return header;
    }

    /** What was mapped, with the part of it that was written to the file. */
    public List<ElfSegment> segments() {
        return segments.stream().filter(segment -> segment.type() == ElfSegment.LOAD).toList();
    }

    /** The memory that the file holds of a segment; less than it says when the file was cut. */
    public MemorySegment contents(ElfSegment segment) throws BinaryFormatException {
        long at = Math.clamp(segment.fileOffset(), 0, bytes.sizeBytes());
        long length = Math.clamp(segment.fileSizeBytes(), 0, bytes.sizeBytes() - at);
        return bytes.segment(at, length, "memory");
    }

    /** Whether memory that the file speaks of is not in it: it was cut short. */
    public boolean isTruncated() {
        return segments.stream()
                .anyMatch(s -> !bytes.has(s.fileOffset(), Math.max(0, s.fileSizeBytes())));
    }

    /** Ids of all threads as the process saw them; the first one got the signal. */
    public List<Integer> threads() {
        return List.copyOf(threads);
    }

    /**
     * A thread's general registers, as {@code PTRACE_GETREGSET} gives them; empty when the core
     * does not have them.
     */
    public Optional<MemorySegment> registers(int thread) {
        return Optional.ofNullable(registers.get(thread));
    }

    /** The parts of files that were mapped; none in cores that do not say. */
    public List<MappedRange> files() {
        return List.copyOf(files);
    }

    /** The signal that ended it; 0 for a core of a process that lived on. */
    public int signal() {
        return signal;
    }

    public int pid() {
        return pid;
    }

    /** What the kernel called it: up to 15 bytes. */
    public String name() {
        return name;
    }

    /** The first 79 bytes of the command line. */
    public String arguments() {
        return arguments;
    }

    /** Where the program itself began, which tells its file from the libraries'; 0: not known. */
    public long entryAddress() {
        return entryAddress;
    }

    // internals

    private void readNotes(ElfSegment segment) throws BinaryFormatException {
        MemorySegment contents = contents(segment);
        Bytes notes = new Bytes(contents);
        long at = 0;
        while (notes.has(at, NOTE_HEADER_BYTES)) {
            long nameBytes = notes.u32(at);
            long bodyBytes = notes.u32(at + 4);
            long type = notes.u32(at + 8);
            long body = at + NOTE_HEADER_BYTES + padded(nameBytes);
            if (!notes.has(body, bodyBytes)) {
                return;
            }
            readNote(type, notes.slice(body, bodyBytes, "note"));
            at = body + padded(bodyBytes);
        }
    }

    private void readNote(long type, Bytes note) throws BinaryFormatException {
        if (type == STATUS && note.has(THREAD_ID_AT, 4)) {
            signal = threads.isEmpty() ? note.u16(SIGNAL_AT) : signal;
            int thread = (int) note.u32(THREAD_ID_AT);
            threads.add(thread);
            long registerBytes = note.sizeBytes() - REGISTERS_AT - BEHIND_REGISTERS_BYTES;
            if (registerBytes > 0) {
                registers.put(thread, note.segment(REGISTERS_AT, registerBytes, "registers"));
            }
        } else if (type == PROCESS && note.has(ARGUMENTS_AT, ARGUMENTS_BYTES)) {
            pid = (int) note.u32(PROCESS_ID_AT);
            name = note.string(NAME_AT, NAME_BYTES);
            arguments = note.string(ARGUMENTS_AT, ARGUMENTS_BYTES).trim();
        } else if (type == AUXILIARY) {
            for (long at = 0; note.has(at, 16); at += 16) {
                entryAddress = note.u64(at) == ENTRY ? note.u64(at + 8) : entryAddress;
            }
        } else if (type == FILES) {
            readFiles(note);
        }
    }

    private void readFiles(Bytes note) throws BinaryFormatException {
        long count = note.u64(0);
        long pageBytes = note.u64(8);
        if (count < 0 || count > note.sizeBytes() / FILE_ENTRY_BYTES) {
            return;
        }
        long path = 16 + count * FILE_ENTRY_BYTES;
        for (long i = 0; i < count && note.has(path, 1); i++) {
            long at = 16 + i * FILE_ENTRY_BYTES;
            String named = note.string(path, MAX_PATH_BYTES);
            files.add(
                    new MappedRange(
                            note.u64(at), note.u64(at + 8), note.u64(at + 16) * pageBytes, named));
            while (note.has(path, 1) && note.u8(path) != 0) {
                path++;
            }
            path++;
        }
    }

    private static long padded(long lengthBytes) {
        return lengthBytes + 3 & -4;
    }
}
