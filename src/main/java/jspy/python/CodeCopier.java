package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.ReadList;
import jspy.memory.TargetMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Copies code objects that are met for the first time: the struct, its names and its line table, a
 * batch in three gathered reads. Run by the sampler thread within the sample that met them, while
 * their holder stands still, so that they are alive; this is the one place where the sampler
 * allocates, once for each code object of the target.
 */
public final class CodeCopier {
    /** Code objects a batch. More are left for the next one. */
    public static final int BATCH = 32;

    /** Gathered reads that {@link #copy} makes when nothing faults. */
    public static final int READS_A_BATCH = 3;

    /** Longest name or file name that is copied, in bytes; a longer one is cut. */
    static final long NAME_MAX_BYTES = 256 * 1024;

    /** Longest line table that is copied: a module of a million lines has some 4 MB. */
    static final long LINES_MAX_BYTES = 16 * 1024 * 1024;

    /** Names and line tables of one batch together; beyond it a code object goes without. */
    static final long BATCH_MAX_BYTES = 64 * 1024 * 1024;

    /** No object's header is longer: the offsets are not believed. */
    private static final long HEADER_MAX_BYTES = 64 * 1024;

    private static final int PARTS = 4; // name, qualname, filename, line table
    private static final int NAME = 0;
    private static final int QUALNAME = 1;
    private static final int FILENAME = 2;
    private static final int LINES = 3;

    private final TargetMemory memory;
    private final Offsets offsets;
    private final ReadList list = new ReadList(BATCH * PARTS + 8, 64 * 1024);
    private final long[] partField;
    private final long structBytes;
    private final long partHeaderBytes;
    private final boolean plausible;

    private final long[] lengths = new long[BATCH * PARTS]; // bytes of each range that were read
    private final long[] addresses = new long[BATCH];
    private final byte[][] structs = new byte[BATCH][];
    private final long[] partAddress = new long[BATCH * PARTS];
    private final long[] partBytes = new long[BATCH * PARTS];
    private final byte[][] parts = new byte[BATCH * PARTS][];
    private int count;
    private long codeType;

    public CodeCopier(TargetMemory memory, Offsets offsets) {
        this.memory = memory;
        this.offsets = offsets;
        Offsets.Code code = offsets.code();
        partField = new long[] {code.name(), code.qualname(), code.filename(), code.lineTable()};
        Offsets.Objects objects = offsets.objects();
        structBytes =
                last(
                        code.codeAdaptive() == Offsets.ABSENT ? code.size() : code.codeAdaptive(),
                        Arrays.stream(partField).max().getAsLong() + 8,
                        Math.max(code.firstLine(), code.flags()) + 4,
                        objects.type() + 8);
        partHeaderBytes =
                last(
                        Math.max(objects.bytesData(), objects.compactData()),
                        Math.max(objects.varSize(), objects.legacyData()) + 8,
                        objects.unicodeLength() + 8,
                        objects.unicodeState() + 4);
        plausible = last(structBytes, partHeaderBytes) <= HEADER_MAX_BYTES;
    }

    /**
     * Adds a code object to the batch; false when it is full. An address that is in it already is
     * added once.
     */
    public boolean request(long codeAddress) {
        for (int i = 0; i < count; i++) {
            if (addresses[i] == codeAddress) {
                return true;
            }
        }
        if (count == BATCH) {
            return false;
        }
        addresses[count++] = codeAddress;
        return true;
    }

    public int requested() {
        return count;
    }

    public long address(int index) {
        return addresses[index];
    }

    /** Reads the batch. What cannot be read, or is no code object, has a null struct. */
    public void copy() {
        if (!plausible) {
            Arrays.fill(structs, null);
            return;
        }
        copyStructs();
        copyHeaders();
        copyData();
    }

    /** The copy of the code object of that index, or null when it is none. */
    public RawCode take(int index) {
        byte[] struct = structs[index];
        if (struct == null) {
            return null;
        }
        int part = index * PARTS;
        return new RawCode(
                addresses[index],
                struct,
                parts[part + NAME],
                parts[part + QUALNAME],
                parts[part + FILENAME],
                parts[part + LINES]);
    }

    public void clear() {
        count = 0;
    }

    // internals

    private static long last(long... ends) {
        return Arrays.stream(ends).max().getAsLong();
    }

    private void copyStructs() {
        list.clear();
        for (int i = 0; i < count; i++) {
            list.add(addresses[i], structBytes);
        }
        readWhatCanBeRead();
        for (int i = 0; i < count; i++) {
            structs[i] =
                    lengthOf(i) == structBytes && isCode(list.offset(i))
                            ? bytes(i, structBytes)
                            : null;
        }
    }

    private boolean isCode(long offset) {
        long type = word(offset + offsets.objects().type());
        if (codeType == 0 && typeIsCode(type)) {
            codeType = type;
        }
        return type != 0 && type == codeType;
    }

    /** Asked once: {@code PyCode_Type.tp_name} is "code". */
    private boolean typeIsCode(long type) {
        MemorySegment scratch = Arena.ofAuto().allocate(8, 8);
        if (memory.read(type + offsets.objects().typeName(), scratch, 0, 8) < 8) {
            return false;
        }
        long nameAddress = scratch.get(ValueLayout.JAVA_LONG, 0);
        if (memory.read(nameAddress, scratch, 0, 5) < 5) {
            return false;
        }
        byte[] name = scratch.asSlice(0, 5).toArray(ValueLayout.JAVA_BYTE);
        return new String(name, StandardCharsets.US_ASCII).equals("code\0");
    }

    private void copyHeaders() {
        list.clear();
        for (int part = 0; part < count * PARTS; part++) {
            byte[] struct = structs[part / PARTS];
            long field = partField[part % PARTS];
            partAddress[part] =
                    struct == null || field == Offsets.ABSENT
                            ? 0
                            : MemorySegment.ofArray(struct)
                                    .get(ValueLayout.JAVA_LONG_UNALIGNED, field);
            list.add(partAddress[part], partHeaderBytes);
        }
        readWhatCanBeRead();
        for (int part = 0; part < count * PARTS; part++) {
            long got = lengthOf(part);
            partBytes[part] = got == 0 ? 0 : wholeBytes(part % PARTS, list.offset(part), got);
        }
    }

    private void copyData() {
        list.clear();
        for (int part = 0; part < count * PARTS; part++) {
            if (list.usedBytes() + partBytes[part] > BATCH_MAX_BYTES) {
                partBytes[part] = 0;
            }
            list.add(partAddress[part], Math.max(1, partBytes[part]));
        }
        readWhatCanBeRead();
        for (int part = 0; part < count * PARTS; part++) {
            long got = Math.min(lengthOf(part), partBytes[part]);
            parts[part] = got == 0 ? null : bytes(part, got);
        }
    }

    /** Header and data of a str or bytes object, bounded. */
    private long wholeBytes(int part, long at, long gotBytes) {
        Offsets.Objects objects = offsets.objects();
        if (part == LINES || objects.unicodeState() == Offsets.ABSENT) { // 2.7: names are bytes
            long length = word(at + objects.varSize());
            return objects.bytesData() + Math.clamp(length, 0, LINES_MAX_BYTES);
        }
        if (gotBytes < objects.unicodeState() + 4) {
            return 0;
        }
        long length = word(at + objects.unicodeLength());
        int state = list.buffer().get(ValueLayout.JAVA_INT_UNALIGNED, at + objects.unicodeState());
        long kind = state >>> objects.unicodeKindShift() & 7;
        long bytes = Math.clamp(length, 0, NAME_MAX_BYTES) * Math.max(1, Math.min(4, kind));
        return objects.compactData() + Math.min(bytes, NAME_MAX_BYTES);
    }

    private long word(long offset) {
        return list.buffer().get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    }

    private byte[] bytes(int range, long length) {
        return list.buffer().asSlice(list.offset(range), length).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * Reads the list; a range that faults is read by itself as far as it goes and the rest goes on
     * behind it, so that one bad pointer, or an object at the end of its mapping, costs nobody
     * else's copy.
     */
    private void readWhatCanBeRead() {
        int done = 0;
        Arrays.fill(lengths, 0);
        while (done < list.count()) {
            int read = memory.readAll(list, done);
            if (read == TargetMemory.GONE || read == TargetMemory.DENIED) {
                return;
            }
            int end = Math.max(read, done);
            for (int i = done; i < end; i++) {
                lengths[i] = list.lengthBytes(i);
            }
            if (end == list.count()) {
                return;
            }
            int got =
                    list.address(end) == 0
                            ? 0
                            : memory.read(
                                    list.address(end),
                                    list.buffer(),
                                    list.offset(end),
                                    (int) list.lengthBytes(end));
            lengths[end] = Math.max(0, got);
            done = end + 1;
        }
    }

    private long lengthOf(int range) {
        return lengths[range];
    }
}
