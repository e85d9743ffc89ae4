package jspy.snapshot;

import org.tukaani.xz.XZInputStream;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what {@link SnapshotWriter} wrote, and trusts none of it: whatever the bytes are, the
 * result is a snapshot or a {@link SnapshotException}, and no more memory is taken than the file's
 * contents fill, within {@link MemoryImage#MAX_BYTES} and an eighth of the heap.
 */
public final class SnapshotReader {
    /** The writer's window and what the decoder needs beside it. */
    private static final int DECODER_KIB = 2 * SnapshotWriter.MAX_DICTIONARY_BYTES / 1024;

    /** While it is read there are several copies of a range. */
    private static final int HEAP_SHARE = 8;

    private static final int RANGE_BYTES = Long.BYTES + Integer.BYTES;

    private static final String DAMAGED = "this snapshot is damaged: ";

    private final DataInputStream in;
    private final long maxBytes;
    private long leftBytes;

    private SnapshotReader(InputStream body) {
        in = new DataInputStream(body);
        maxBytes = Math.min(MemoryImage.MAX_BYTES, Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        leftBytes = maxBytes;
    }

    /**
     * Reads a snapshot up to the end of the stream.
     *
     * @throws SnapshotException when it is none, or a damaged one
     */
    public static Snapshot read(InputStream file) throws IOException {
        DataInputStream head = new DataInputStream(file);
        try {
            if (head.readLong() != SnapshotWriter.MAGIC) {
                throw new SnapshotException("this is not a snapshot of jspy");
            }
            int format = head.readInt();
            if (format != SnapshotWriter.FORMAT) {
                throw new SnapshotException(
                        "this snapshot has format %d; this jspy reads format %d"
                                .formatted(format, SnapshotWriter.FORMAT));
            }
        } catch (EOFException e) {
            throw new SnapshotException("this is not a snapshot of jspy", e);
        }
        try (XZInputStream xz = new XZInputStream(file, DECODER_KIB)) {
            Snapshot snapshot = new SnapshotReader(xz).body();
            if (xz.read() != -1) {
                throw new SnapshotException(DAMAGED + "something follows its end");
            }
            return snapshot;
        } catch (SnapshotException e) {
            throw e;
        } catch (EOFException e) {
            throw new SnapshotException(DAMAGED + "it is cut short", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new SnapshotException(DAMAGED + e.getMessage(), e);
        }
    }

    // internals

    private Snapshot body() throws IOException {
        String jspyVersion = text();
        String platform = text();
        int pid = in.readInt();
        int arguments = count("arguments", Snapshot.MAX_ARGUMENTS, Integer.BYTES);
        List<String> commandLine = new ArrayList<>();
        for (int i = 0; i < arguments; i++) {
            commandLine.add(text());
        }
        String executable = text();
        int versionHex = in.readInt();
        int flags = in.readUnsignedByte();
        byte[] debugOffsets = bytes(count("bytes of offsets", Snapshot.MAX_DEBUG_OFFSETS_BYTES, 1));
        Snapshot.Interpreter interpreter =
                new Snapshot.Interpreter(
                        versionHex,
                        (flags & SnapshotWriter.FREE_THREADED) != 0,
                        (flags & SnapshotWriter.DEBUG) != 0,
                        debugOffsets,
                        in.readLong(),
                        in.readLong(),
                        text(),
                        text());
        int threadCount = count("threads", Snapshot.MAX_THREADS, 2 * Long.BYTES + 1);
        List<Snapshot.ThreadFacts> threads = new ArrayList<>();
        for (int i = 0; i < threadCount; i++) {
            threads.add(new Snapshot.ThreadFacts(in.readLong(), in.readLong(), in.readByte() != 0));
        }
        int nameCount = count("file names", Snapshot.MAX_FILE_NAMES, 2 * Integer.BYTES);
        List<Snapshot.FileName> fileNames = new ArrayList<>();
        for (int i = 0; i < nameCount; i++) {
            fileNames.add(new Snapshot.FileName(text(), text()));
        }
        return new Snapshot(
                jspyVersion,
                platform,
                pid,
                commandLine,
                executable,
                interpreter,
                (flags & SnapshotWriter.PROVED) != 0,
                threads,
                fileNames,
                memory());
    }

    private MemoryImage memory() throws IOException {
        int ranges = count("ranges", Integer.MAX_VALUE, RANGE_BYTES);
        byte[] table = bytes(ranges * RANGE_BYTES);
        DataInputStream entries = new DataInputStream(new ByteArrayInputStream(table));
        MemoryImage.Builder image = new MemoryImage.Builder();
        long end = -1;
        long lastPage = -1;
        long pages = 0;
        for (int i = 0; i < ranges; i++) {
            long address = entries.readLong();
            int length = entries.readInt();
            if (address <= end || length <= 0 || address + length < 0) {
                throw new SnapshotException(
                        "%srange %d, %d bytes at 0x%x, cannot be"
                                .formatted(DAMAGED, i, length, address));
            }
            end = address + length;
            long firstPage = Math.max(address / MemoryImage.PAGE_BYTES, lastPage + 1);
            lastPage = (end - 1) / MemoryImage.PAGE_BYTES;
            pages += lastPage + 1 - firstPage;
            if (pages * MemoryImage.PAGE_BYTES > maxBytes) {
                throw tooLarge();
            }
            image.put(address, bytes(take(length, 1)));
        }
        return image.build();
    }

    private String text() throws IOException {
        return new String(
                bytes(count("bytes", Snapshot.MAX_TEXT_BYTES, 1)), StandardCharsets.UTF_8);
    }

    private int count(String what, int most, int bytesEach) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > most) {
            throw new SnapshotException("%s%d %s".formatted(DAMAGED, count, what));
        }
        return take(count, bytesEach);
    }

    private int take(int count, int bytesEach) throws IOException {
        leftBytes -= (long) count * bytesEach;
        if (leftBytes < 0) {
            throw tooLarge();
        }
        return count;
    }

    /** As many bytes; taken as they come, so that a length that lies costs nothing. */
    private byte[] bytes(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    private SnapshotException tooLarge() {
        return new SnapshotException(
                "this snapshot holds more than %d MiB, too much for this Java's heap (-Xmx)"
                        .formatted(maxBytes >> 20));
    }
}
