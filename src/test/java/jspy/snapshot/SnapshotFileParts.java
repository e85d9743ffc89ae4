package jspy.snapshot;

import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** Takes the file of a snapshot apart and puts it together, so that tests can lie in it. */
final class SnapshotFileParts {
    private static final int HEAD_BYTES = 12;

    private SnapshotFileParts() {}

    /** What is compressed. */
    static byte[] body(Snapshot snapshot) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SnapshotWriter.write(snapshot, file);
        byte[] bytes = file.toByteArray();
        ByteArrayInputStream in =
                new ByteArrayInputStream(bytes, HEAD_BYTES, bytes.length - HEAD_BYTES);
        try (XZInputStream xz = new XZInputStream(in)) {
            return xz.readAllBytes();
        }
    }

    /** A file of the right form, whatever the body is. */
    static byte[] file(byte[] body) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        DataOutputStream head = new DataOutputStream(file);
        head.writeLong(SnapshotWriter.MAGIC);
        head.writeInt(SnapshotWriter.FORMAT);
        LZMA2Options options = new LZMA2Options(0);
        options.setDictSize(LZMA2Options.DICT_SIZE_MIN);
        try (XZOutputStream xz = new XZOutputStream(head, options)) {
            xz.write(body);
        }
        return file.toByteArray();
    }
}
