package jspy.binary;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What some addresses need of an ELF file, each byte where the file has it and zeros elsewhere: its
 * program headers, the call frame information of single functions, an index of those, pieces of
 * code, and the functions' names in a symbol table of its own at the end.
 */
public final class SparseElf {
    private static final int SECTIONS = 5;
    private static final int MAX_PIECES = 1 << 16;
    private static final int MAX_BYTES = 256 << 20;

    private final MemorySegment file;
    private final Elf elf;
    private final CfiIndex indexOrNull;
    private final CfiSection cfiOrNull;
    private final ElfSection framesOrNull;
    private final TreeMap<Long, byte[]> pieces = new TreeMap<>();
    private final TreeMap<Long, Long> functions = new TreeMap<>(); // start to its entry's address
    private final TreeMap<Long, ElfSymbol> symbols = new TreeMap<>();

    public SparseElf(MemorySegment file) throws BinaryFormatException {
        this.file = file;
        elf = Elf.of(file);
        indexOrNull = CfiIndex.of(elf).orElse(null);
        cfiOrNull = CfiSection.ehFrame(elf).orElse(null);
        framesOrNull = elf.section(".eh_frame").orElse(null);
    }

    /** Keeps the call frame information of the function that has that address, if there is any. */
    public void keepRules(long address) throws BinaryFormatException {
        OptionalLong at =
                indexOrNull == null || framesOrNull == null
                        ? OptionalLong.empty()
                        : indexOrNull.find(address);
        if (at.isEmpty()) {
            return;
        }
        Optional<CfiFunction> function = cfiOrNull.functionAt(at.getAsLong());
        if (function.isEmpty() || !function.get().contains(address)) {
            return;
        }
        long entry = framesOrNull.fileOffset() + at.getAsLong();
        keepEntry(entry);
        keepEntry(entry + 4 - int32(entry + 4));
        functions.put(function.get().start(), framesOrNull.address() + at.getAsLong());
    }

    /** Keeps code that is loaded there, if it lies in the file. */
    public void keepCode(long address, int lengthBytes) {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == ElfSegment.LOAD
                    && segment.holds(address)
                    && segment.holds(address + lengthBytes - 1)) {
                keep(address - segment.address() + segment.fileOffset(), lengthBytes);
            }
        }
    }

    /** Names a function from its first address up to this one. */
    public void keepName(long start, long address, String name) {
        ElfSymbol before = symbols.get(start);
        long sizeBytes = address - start + 1;
        if (before == null || before.sizeBytes() < sizeBytes) {
            symbols.put(start, new ElfSymbol(name, start, sizeBytes, ElfSymbol.FUNCTION));
        }
    }

    public void write(DataOutputStream out) throws IOException {
        keepIndex();
        long end = Math.max(framesEnd(), pieces.lastEntry() == null ? 64 : pieceEnd());
        for (ElfSegment segment : elf.segments()) {
            end =
                    segment.type() == ElfSegment.LOAD
                            ? Math.max(end, segment.fileOffset() + segment.fileSizeBytes())
                            : end;
        }
        long tailAt = (end + 15) & -16;
        byte[] tail = tail(tailAt);
        keepHeaders(tailAt + tail.length - SECTIONS * ElfSection.SIZE_BYTES);
        pieces.put(tailAt, tail);
        out.writeInt((int) (tailAt + tail.length));
        out.writeInt(pieces.size());
        for (Map.Entry<Long, byte[]> piece : pieces.entrySet()) {
            out.writeInt((int) (long) piece.getKey());
            out.writeInt(piece.getValue().length);
            out.write(piece.getValue());
        }
    }

    /** The file that was written, with zeros for what was left out. */
    public static byte[] read(DataInputStream in) throws IOException {
        int sizeBytes = in.readInt();
        int count = in.readInt();
        if (sizeBytes < 0 || sizeBytes > MAX_BYTES || count < 0 || count > MAX_PIECES) {
            throw new IOException("%d pieces of %d bytes".formatted(count, sizeBytes));
        }
        byte[] bytes = new byte[sizeBytes];
        for (int i = 0; i < count; i++) {
            int at = in.readInt();
            in.readFully(bytes, at, in.readInt());
        }
        return bytes;
    }

    // internals

    private long pieceEnd() {
        return pieces.lastEntry().getKey() + pieces.lastEntry().getValue().length;
    }

    private long framesEnd() {
        return framesOrNull == null ? 0 : framesOrNull.fileOffset() + framesOrNull.sizeBytes();
    }

    private void keepEntry(long offset) {
        keep(offset, 4 + (int) int32(offset));
    }

    private long int32(long offset) {
        return file.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    /** A longer piece at the same place wins; those that overlap say the same. */
    private void keep(long offset, int lengthBytes) {
        byte[] before = pieces.get(offset);
        if (before == null || before.length < lengthBytes) {
            pieces.put(offset, file.asSlice(offset, lengthBytes).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** The same head of {@code .eh_frame_hdr}, and the functions that are kept. */
    private void keepIndex() throws BinaryFormatException {
        for (ElfSegment segment : elf.segments()) {
            if (segment.type() == CfiSection.INDEX_SEGMENT && !functions.isEmpty()) {
                ByteBuffer index =
                        ByteBuffer.allocate(12 + functions.size() * 8)
                                .order(ByteOrder.LITTLE_ENDIAN);
                index.put(file.asSlice(segment.fileOffset(), 8).toArray(ValueLayout.JAVA_BYTE));
                index.putInt(functions.size());
                functions.forEach(
                        (start, entry) ->
                                index.putInt((int) (start - segment.address()))
                                        .putInt((int) (entry - segment.address())));
                pieces.put(segment.fileOffset(), index.array());
            }
        }
    }

    /** Segments but those that say what was left out; the sections are those of the tail. */
    private void keepHeaders(long sectionsAt) {
        ByteBuffer head = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        head.put(file.asSlice(0, 64).toArray(ValueLayout.JAVA_BYTE));
        head.putLong(40, sectionsAt)
                .putShort(58, (short) ElfSection.SIZE_BYTES)
                .putShort(60, (short) SECTIONS)
                .putShort(62, (short) (SECTIONS - 1));
        pieces.put(0L, head.array());
        long at = head.getLong(32);
        int count = head.getShort(56);
        ByteBuffer headers =
                ByteBuffer.allocate(count * ElfSegment.SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        headers.put(file.asSlice(at, headers.capacity()).toArray(ValueLayout.JAVA_BYTE));
        for (int i = 0; i < count; i++) {
            int type = headers.getInt(i * ElfSegment.SIZE_BYTES);
            if (type != ElfSegment.LOAD && type != CfiSection.INDEX_SEGMENT) {
                headers.putInt(i * ElfSegment.SIZE_BYTES, 0); // PT_NULL
            }
        }
        pieces.put(at, headers.array());
    }

    /** Symbols, their names, and the section headers, to lie at the end of the file. */
    private byte[] tail(long at) {
        List<String> names = new ArrayList<>();
        ByteBuffer table =
                ByteBuffer.allocate((symbols.size() + 1) * SymbolTable.ENTRY_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        int nameAt = 1;
        int row = SymbolTable.ENTRY_BYTES;
        for (ElfSymbol symbol : symbols.values()) {
            table.putInt(row, nameAt)
                    .put(row + 4, (byte) symbol.type())
                    .putShort(row + 6, (short) 1);
            table.putLong(row + 8, symbol.address()).putLong(row + 16, symbol.sizeBytes());
            row += SymbolTable.ENTRY_BYTES;
            names.add(symbol.name());
            nameAt += symbol.name().getBytes(StandardCharsets.UTF_8).length + 1;
        }
        byte[] strings = ("\0" + String.join("\0", names) + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] titles =
                "\0.eh_frame\0.symtab\0.strtab\0.shstrtab\0".getBytes(StandardCharsets.UTF_8);
        int stringsAt = table.capacity();
        int titlesAt = stringsAt + strings.length;
        int headersAt = (titlesAt + titles.length + 7) & -8;
        ByteBuffer tail =
                ByteBuffer.allocate(headersAt + SECTIONS * ElfSection.SIZE_BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN);
        tail.put(0, table.array()).put(stringsAt, strings).put(titlesAt, titles);
        if (framesOrNull != null) {
            section(tail, headersAt, 1, 1, 1, framesOrNull.fileOffset(), framesOrNull.sizeBytes());
            tail.putLong(headersAt + ElfSection.SIZE_BYTES + 16, framesOrNull.address());
        }
        section(tail, headersAt, 2, 11, ElfSection.SYMBOLS, at, table.capacity());
        tail.putInt(headersAt + 2 * ElfSection.SIZE_BYTES + 40, 3); // its names' section
        section(tail, headersAt, 3, 19, 3, at + stringsAt, strings.length);
        section(tail, headersAt, 4, 27, 3, at + titlesAt, titles.length);
        return tail.array();
    }

    private static void section(
            ByteBuffer tail, int headers, int index, int name, int type, long offset, long size) {
        int at = headers + index * ElfSection.SIZE_BYTES;
        tail.putInt(at, name).putInt(at + 4, type);
        tail.putLong(at + 24, offset).putLong(at + 32, size);
    }
}
