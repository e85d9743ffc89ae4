package jspy.snapshot;

import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZOutputStream;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a {@link Snapshot}. The same snapshot always gives the same bytes. All numbers are
 * big-endian; a text is its length in bytes (int) and UTF-8.
 *
 * <pre>
 * "jspysnap"                      8 bytes
 * format                          int, 1
 * the rest, an xz stream (its CRC64 guards it all):
 *   jspy's version, platform      texts
 *   pid                           int
 *   arguments                     int, so many texts
 *   executable                    text
 *   version                       int, PY_VERSION_HEX
 *   flags                         byte: 1 free-threaded, 2 debug build, 4 proved
 *   _Py_DebugOffsets              int, so many bytes; 0 where there is none
 *   runtime, interpreters' head   longs, addresses
 *   file, found by                texts
 *   threads                       int, for each: ident long, host id long, active byte
 *   file names                    int, for each: two texts, as it is and as it is shown
 *   ranges                        int, for each: address long, length int; ascending, none touch
 *   their bytes                   in that order
 * </pre>
 */
public final class SnapshotWriter {
    static final long MAGIC = 0x6A737079_736E6170L; // "jspysnap"
    static final int FORMAT = 1;
    static final int FREE_THREADED = 1;
    static final int DEBUG = 2;
    static final int PROVED = 4;

    /** A larger window hardly helps and costs every reader its size. */
    static final int MAX_DICTIONARY_BYTES = 8 << 20;

    private SnapshotWriter() {}

    /** Writes it; the stream stays open. */
    public static void write(Snapshot snapshot, OutputStream out) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try (DataOutputStream data = new DataOutputStream(body)) {
            writeBody(snapshot, data);
        }
        DataOutputStream head = new DataOutputStream(out);
        head.writeLong(MAGIC);
        head.writeInt(FORMAT);
        LZMA2Options options = new LZMA2Options();
        options.setDictSize(
                Math.clamp(body.size(), LZMA2Options.DICT_SIZE_MIN, MAX_DICTIONARY_BYTES));
        XZOutputStream xz = new XZOutputStream(head, options, XZ.CHECK_CRC64);
        body.writeTo(xz);
        xz.finish();
        head.flush();
    }

    // internals

    private static void writeBody(Snapshot snapshot, DataOutputStream out) throws IOException {
        text(out, snapshot.jspyVersion());
        text(out, snapshot.platform());
        out.writeInt(snapshot.pid());
        out.writeInt(snapshot.commandLine().size());
        for (String argument : snapshot.commandLine()) {
            text(out, argument);
        }
        text(out, snapshot.executable());
        Snapshot.Interpreter interpreter = snapshot.interpreter();
        out.writeInt(interpreter.versionHex());
        out.writeByte(
                (interpreter.freeThreaded() ? FREE_THREADED : 0)
                        | (interpreter.debug() ? DEBUG : 0)
                        | (snapshot.proved() ? PROVED : 0));
        out.writeInt(interpreter.debugOffsets().length);
        out.write(interpreter.debugOffsets());
        out.writeLong(interpreter.runtimeAddress());
        out.writeLong(interpreter.interpretersHeadAddress());
        text(out, interpreter.file());
        text(out, interpreter.foundBy());
        out.writeInt(snapshot.threads().size());
        for (Snapshot.ThreadFacts thread : snapshot.threads()) {
            out.writeLong(thread.ident());
            out.writeLong(thread.hostId());
            out.writeBoolean(thread.active());
        }
        out.writeInt(snapshot.fileNames().size());
        for (Snapshot.FileName name : snapshot.fileNames()) {
            text(out, name.file());
            text(out, name.shown());
        }
        MemoryImage memory = snapshot.memory();
        out.writeInt(memory.count());
        for (int i = 0; i < memory.count(); i++) {
            out.writeLong(memory.address(i));
            out.writeInt(memory.lengthBytes(i));
        }
        out.write(memory.data());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = bytes.length;
        if (length > Snapshot.MAX_TEXT_BYTES) {
            length = Snapshot.MAX_TEXT_BYTES;
            while ((bytes[length] & 0xC0) == 0x80) {
                length--; // not in the middle of a character
            }
        }
        out.writeInt(length);
        out.write(bytes, 0, length);
    }
}
