package jspy.unwind;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes ELF files that hold nothing but call frame information: a segment of code without bytes,
 * {@code .eh_frame} with one common entry and some functions, and its index.
 */
final class CfiFiles {
    static final long CODE = 0x10000;
    static final int CODE_BYTES = 0x40000;
    static final int CODE_ALIGNMENT = 1;
    static final int DATA_ALIGNMENT = -8;

    /** Where {@code .eh_frame} begins, in the file and in memory. */
    static final int FRAMES = 0x200;

    private static final int SECTIONS = 3;

    record Function(long start, int sizeBytes, byte[] instructions) {}

    private CfiFiles() {}

    /** {@code initial}: the common entry's instructions. */
    static MemorySegment elf(Machine machine, byte[] initial, List<Function> functions) {
        byte[] frames = frames(machine, initial, functions);
        int indexAt = (FRAMES + frames.length + 3) & -4;
        byte[] index = index(functions, indexAt, offsets(initial, functions));
        byte[] names = "\0.eh_frame\0.shstrtab\0".getBytes(StandardCharsets.US_ASCII);
        int namesAt = indexAt + index.length;
        int headersAt = (namesAt + names.length + 7) & -8;
        ByteBuffer file =
                ByteBuffer.allocate(headersAt + SECTIONS * 64).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putShort(16, (short) 3)
                .putShort(18, (short) (machine == Machine.AARCH64 ? 183 : 62))
                .putLong(32, 64)
                .putLong(40, headersAt)
                .putShort(54, (short) 56)
                .putShort(56, (short) 3)
                .putShort(58, (short) 64)
                .putShort(60, (short) SECTIONS)
                .putShort(62, (short) 2);
        segment(file, 0, 1, 4, 0, 0, headersAt, headersAt);
        segment(file, 1, 1, 5, 0, CODE, 0, CODE_BYTES);
        segment(file, 2, 0x6474e550, 4, indexAt, indexAt, index.length, index.length);
        file.put(FRAMES, frames).put(indexAt, index).put(namesAt, names);
        section(file, headersAt + 64, 1, 1, FRAMES, frames.length);
        section(file, headersAt + 128, 11, 3, namesAt, names.length);
        return MemorySegment.ofArray(file.array());
    }

    static byte[] uleb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        do {
            int part = (int) value & 0x7f;
            value >>>= 7;
            out.write(value == 0 ? part : part | 0x80);
        } while (value != 0);
        return out.toByteArray();
    }

    static byte[] sleb(long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean isMore = true;
        while (isMore) {
            int part = (int) value & 0x7f;
            value >>= 7;
            isMore = !(value == 0 && (part & 0x40) == 0 || value == -1 && (part & 0x40) != 0);
            out.write(isMore ? part | 0x80 : part);
        }
        return out.toByteArray();
    }

    // internals

    private static byte[] commonBody(byte[] initial, Machine machine) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {0, 0, 0, 0, 1, 'z', 'R', 0, CODE_ALIGNMENT});
        body.writeBytes(sleb(DATA_ALIGNMENT));
        body.write(machine.returnAddress());
        body.writeBytes(new byte[] {1, 0x1b});
        body.writeBytes(initial);
        return body.toByteArray();
    }

    private static byte[] frames(Machine machine, byte[] initial, List<Function> functions) {
        byte[] common = commonBody(initial, machine);
        int sizeBytes = 4 + common.length + 4;
        for (Function function : functions) {
            sizeBytes += 4 + functionBytes(function);
        }
        ByteBuffer out = ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(common.length).put(common);
        for (Function function : functions) {
            out.putInt(functionBytes(function));
            out.putInt(out.position());
            out.putInt((int) (function.start() - (FRAMES + out.position())));
            out.putInt(function.sizeBytes()).put((byte) 0).put(function.instructions());
        }
        return out.array();
    }

    private static int functionBytes(Function function) {
        return 13 + function.instructions().length;
    }

    private static int[] offsets(byte[] initial, List<Function> functions) {
        int[] offsets = new int[functions.size()];
        int at = 4 + commonBody(initial, Machine.X86_64).length;
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = at;
            at += 4 + functionBytes(functions.get(i));
        }
        return offsets;
    }

    /** The functions must be in the order of their addresses. */
    private static byte[] index(List<Function> functions, int indexAt, int[] offsets) {
        ByteBuffer out =
                ByteBuffer.allocate(12 + functions.size() * 8).order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {1, 0x1b, 0x03, 0x3b});
        out.putInt(FRAMES - (indexAt + 4)).putInt(functions.size());
        for (int i = 0; i < offsets.length; i++) {
            out.putInt((int) (functions.get(i).start() - indexAt));
            out.putInt(FRAMES + offsets[i] - indexAt);
        }
        return out.array();
    }

    private static void segment(
            ByteBuffer file,
            int index,
            int type,
            int flags,
            long offset,
            long address,
            long fileBytes,
            long memoryBytes) {
        int at = 64 + index * 56;
        file.putInt(at, type).putInt(at + 4, flags).putLong(at + 8, offset);
        file.putLong(at + 16, address).putLong(at + 32, fileBytes).putLong(at + 40, memoryBytes);
    }

    private static void section(
            ByteBuffer file, int at, int name, int type, long offset, long sizeBytes) {
        file.putInt(at, name).putInt(at + 4, type).putLong(at + 16, offset);
        file.putLong(at + 24, offset).putLong(at + 32, sizeBytes);
    }
}
