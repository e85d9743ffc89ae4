package jspy.binary;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A core file made in memory, as the kernel writes them: two threads, two pieces of memory. */
final class CoreFiles {
    static final long MEMORY = 0x7f00_0000_0000L;
    static final long PROGRAM = 0x40_0000L;
    static final int PAGE = 4096;
    static final int NOTES = 64 + 3 * ElfSegment.SIZE_BYTES;

    private CoreFiles() {}

    static byte[] core() {
        byte[] notes = notes();
        int memoryAt = NOTES + notes.length;
        ByteBuffer file = ByteBuffer.allocate(memoryAt + PAGE).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putShort(16, (short) 4).putShort(18, (short) 62).putLong(32, 64);
        file.putShort(54, (short) ElfSegment.SIZE_BYTES).putShort(56, (short) 3);
        segment(file, 0, ElfSegment.NOTE, NOTES, 0, notes.length, 0);
        segment(file, 1, ElfSegment.LOAD, memoryAt, MEMORY, PAGE, PAGE);
        segment(file, 2, ElfSegment.LOAD, memoryAt + PAGE, PROGRAM, 0, 2 * PAGE);
        file.put(NOTES, notes);
        for (int i = 0; i < PAGE; i++) {
            file.put(memoryAt + i, (byte) i);
        }
        return file.array();
    }

    // internals

    private static byte[] notes() {
        ByteArrayOutputStream notes = new ByteArrayOutputStream();
        note(notes, 1, words(336).putShort(12, (short) 6).putInt(32, 4711).array());
        note(notes, 1, words(336).putShort(12, (short) 9).putInt(32, 4712).array());
        ByteBuffer process = words(136).putInt(24, 4711);
        process.put(40, "python".getBytes(StandardCharsets.US_ASCII));
        process.put(56, "python app.py ".getBytes(StandardCharsets.US_ASCII));
        note(notes, 3, process.array());
        note(notes, 6, words(32).putLong(0, 9).putLong(8, PROGRAM + 0x10).array());
        byte[] path = "/usr/bin/python\0".getBytes(StandardCharsets.US_ASCII);
        ByteBuffer files = words(16 + 24 + path.length).putLong(0, 1).putLong(8, PAGE);
        files.putLong(16, PROGRAM).putLong(24, PROGRAM + 2 * PAGE).putLong(32, 3);
        files.put(40, path);
        note(notes, 0x46494c45, files.array());
        return notes.toByteArray();
    }

    private static ByteBuffer words(int sizeBytes) {
        return ByteBuffer.allocate(sizeBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static void note(ByteArrayOutputStream notes, int type, byte[] body) {
        ByteBuffer head = words(20).putInt(0, 5).putInt(4, body.length).putInt(8, type);
        head.put(12, "CORE".getBytes(StandardCharsets.US_ASCII));
        notes.writeBytes(head.array());
        notes.writeBytes(java.util.Arrays.copyOf(body, body.length + 3 & -4));
    }

    private static void segment(
            ByteBuffer file,
            int index,
            int type,
            long at,
            long address,
            long fileBytes,
            long bytes) {
        int header = 64 + index * ElfSegment.SIZE_BYTES;
        file.putInt(header, type).putInt(header + 4, 6).putLong(header + 8, at);
        file.putLong(header + 16, address).putLong(header + 32, fileBytes);
        file.putLong(header + 40, bytes);
    }
}
