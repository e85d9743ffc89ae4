package jspy.binary;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Small ELF files made in memory, and real ones that every machine with a JDK on Linux has. */
final class ElfFiles {
    /**
     * Where the file of {@link #library} has its parts; one segment holds everything at address
     * 0x1000 + offset.
     */
    static final long ADDRESS = 0x1000;

    static final int PROGRAM_HEADERS = 64;
    static final int DYNAMIC = 0x200;
    static final int SYMBOLS = 0x300;
    static final int STRINGS = 0x400;
    static final int HASH = 0x500;
    static final int NOTE = 0x600;
    static final int INTERPRETER = 0x640;
    static final int SIZE_BYTES = 0x700;

    private ElfFiles() {}

    static Path libjvm() {
        return Path.of(System.getProperty("java.home"), "lib", "server", "libjvm.so");
    }

    static Path smallLibrary() {
        return Path.of(System.getProperty("java.home"), "lib", "libjimage.so");
    }

    static boolean hasLibraries() {
        return Files.isRegularFile(libjvm()) && Files.isRegularFile(smallLibrary());
    }

    /**
     * A library without section headers, with a System V hash table, and symbols at 0x100, 0x200, …
     */
    static byte[] library(List<String> names) {
        ByteBuffer file = ByteBuffer.allocate(SIZE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.put(0, new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        file.putShort(16, (short) 3).putShort(18, (short) 62).putLong(32, PROGRAM_HEADERS);
        file.putShort(54, (short) 56).putShort(56, (short) 4);
        segment(file, 0, ElfSegment.LOAD, 0, SIZE_BYTES);
        segment(file, 1, ElfSegment.DYNAMIC, DYNAMIC, 0x60);
        segment(file, 2, ElfSegment.NOTE, NOTE, 20);
        segment(file, 3, ElfSegment.INTERPRETER, INTERPRETER, 16);
        long[] dynamic = {
            5, STRINGS + ADDRESS, 6, SYMBOLS + ADDRESS, 10, 0x100, 4, HASH + ADDRESS, 0, 0
        };
        for (int i = 0; i < dynamic.length; i++) {
            file.putLong(DYNAMIC + i * 8, dynamic[i]);
        }
        hashed(file, names);
        file.putInt(NOTE, 4).putInt(NOTE + 4, 4).putInt(NOTE + 8, 3);
        file.put(NOTE + 12, new byte[] {'G', 'N', 'U', 0, (byte) 0xca, (byte) 0xfe, 1, 2});
        file.put(INTERPRETER, "/lib/ld-test.so".getBytes(StandardCharsets.UTF_8));
        return file.array();
    }

    static MemorySegment segment(byte[] file) {
        return MemorySegment.ofArray(file).asReadOnly();
    }

    // internals

    private static void segment(ByteBuffer file, int index, int type, long offset, long sizeBytes) {
        int at = PROGRAM_HEADERS + index * 56;
        file.putInt(at, type)
                .putInt(at + 4, 6)
                .putLong(at + 8, offset)
                .putLong(at + 16, offset + ADDRESS);
        file.putLong(at + 32, sizeBytes).putLong(at + 40, sizeBytes);
    }

    private static void hashed(ByteBuffer file, List<String> names) {
        int count = names.size() + 1;
        file.putInt(HASH, 2).putInt(HASH + 4, count);
        int nameAt = 1;
        for (int i = 1; i < count; i++) {
            byte[] name = names.get(i - 1).getBytes(StandardCharsets.UTF_8);
            int symbol = SYMBOLS + i * 24;
            file.put(STRINGS + nameAt, name);
            file.putInt(symbol, nameAt)
                    .put(symbol + 4, (byte) 0x11)
                    .putShort(symbol + 6, (short) 1);
            file.putLong(symbol + 8, i * 0x100L).putLong(symbol + 16, 8);
            nameAt += name.length + 1;
            int bucket = HASH + 8 + (int) (SysvHash.hash(name) % 2) * 4;
            file.putInt(HASH + 16 + i * 4, file.getInt(bucket));
            file.putInt(bucket, i);
        }
    }
}
