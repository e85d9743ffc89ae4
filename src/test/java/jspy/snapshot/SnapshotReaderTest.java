package jspy.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

class SnapshotReaderTest {
    @Test
    void whatWasWrittenIsRead() throws IOException {
        Snapshot snapshot = small();
        assertEquals(snapshot, read(bytes(snapshot)));
    }

    @Test
    void anotherFileIsNoSnapshot() {
        refused("this is not a snapshot of jspy", new byte[0]);
        refused("this is not a snapshot of jspy", "{\"$schema\": 1}".getBytes());
    }

    @Test
    void aNewerFormatIsNamed() throws IOException {
        byte[] file = bytes(small());
        file[11] = 9;
        refused("this snapshot has format 9; this jspy reads format 1", file);
    }

    @Test
    void aFileThatIsCutShortIsDamaged() throws IOException {
        byte[] file = bytes(small());
        for (int length = 12; length < file.length; length++) {
            String message = refusal(Arrays.copyOf(file, length));
            assertTrue(message.startsWith("this snapshot is damaged"), message);
        }
    }

    @Test
    void aFlippedBitIsFound() throws IOException {
        byte[] file = bytes(small());
        file[file.length / 2] ^= 4;
        assertTrue(refusal(file).startsWith("this snapshot is damaged"));
    }

    @Test
    void somethingBehindTheEndIsDamage() throws IOException {
        byte[] body = SnapshotFileParts.body(small());
        refused(
                "this snapshot is damaged: something follows its end",
                SnapshotFileParts.file(Arrays.copyOf(body, body.length + 1)));
    }

    @Test
    void rangesThatOverlapAreDamage() throws IOException {
        byte[] file = SnapshotFileParts.file(withRanges(0x2000, 16, 0x2008, 16));
        assertTrue(refusal(file).contains("range 1, 16 bytes at 0x2008, cannot be"));
    }

    @Test
    void aRangeThatGoesRoundTheAddressSpaceIsDamage() throws IOException {
        byte[] file = SnapshotFileParts.file(withRanges(Long.MAX_VALUE - 4, 16));
        assertTrue(refusal(file).contains("cannot be"));
    }

    @Test
    void moreThanFitsIsRefusedBeforeItIsTaken() throws IOException {
        long[] ranges = new long[2 * 4];
        for (int i = 0; i < ranges.length; i += 2) {
            ranges[i] = 0x10_0000_0000L * (i + 1);
            ranges[i + 1] = 0x7000_0000;
        }
        assertTrue(refusal(SnapshotFileParts.file(withRanges(ranges))).contains("too much"));
    }

    @Test
    void aByteInEachOfManyPagesIsRefusedToo() throws IOException {
        long[] ranges = new long[2 * 200_000];
        for (int i = 0; i < ranges.length; i += 2) {
            ranges[i] = 0x10_0000L + i * 4096L;
            ranges[i + 1] = 1;
        }
        assertTrue(refusal(SnapshotFileParts.file(withRanges(ranges))).contains("too much"));
    }

    // internals

    private static Snapshot small() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        image.put(0x1000, new byte[] {1, 2, 3});
        image.put(0x7F00_0000_0FF0L, new byte[300]);
        return new Snapshot(
                "1.2",
                "linux-x86_64",
                42,
                List.of("python", "größe.py", ""),
                "/usr/bin/python3",
                new Snapshot.Interpreter(
                        0x030D00F0, false, true, new byte[] {5, 6}, 7, 8, "file", "found"),
                true,
                List.of(new Snapshot.ThreadFacts(1, 2, true)),
                List.of(new Snapshot.FileName("/a/日本.py", "日本.py")),
                image.build());
    }

    /**
     * The body of a small snapshot with other ranges: address and length in turn; zeros for bytes.
     */
    private static byte[] withRanges(long... ranges) throws IOException {
        Snapshot whole = small();
        byte[] body = SnapshotFileParts.body(whole);
        int memoryBytes = 4 + whole.memory().count() * 12 + whole.memory().totalBytes();
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        changed.write(body, 0, body.length - memoryBytes);
        DataOutputStream out = new DataOutputStream(changed);
        out.writeInt(ranges.length / 2);
        for (int i = 0; i < ranges.length; i += 2) {
            out.writeLong(ranges[i]);
            out.writeInt((int) ranges[i + 1]);
        }
        out.write(new byte[1 << 20]);
        return changed.toByteArray();
    }

    private static void refused(String message, byte[] file) {
        assertEquals(message, refusal(file));
    }

    private static String refusal(byte[] file) {
        return assertThrows(SnapshotException.class, () -> read(file)).getMessage();
    }

    private static Snapshot read(byte[] file) throws IOException {
        return SnapshotReader.read(new ByteArrayInputStream(file));
    }

    private static byte[] bytes(Snapshot snapshot) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        SnapshotWriter.write(snapshot, file);
        return file.toByteArray();
    }
}
