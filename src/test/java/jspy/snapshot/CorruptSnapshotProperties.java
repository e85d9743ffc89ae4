package jspy.snapshot;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.cli.SnapshotFiles;
import jspy.layout.UnsupportedPythonException;
import jspy.profile.Frame;
import jspy.sample.StackDump;
import jspy.testing.Corruption;
import jspy.testing.Snapshots;

import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * Whatever a snapshot holds, walking it ends soon, throws nothing and gives no more than memory can
 * hold. {@code -Djspy.corruptions=N} sets how many damaged snapshots are walked.
 */
class CorruptSnapshotProperties {
    private static final int TRIES = 100;
    private static final int CASES_A_TRY =
            Math.max(1, Integer.getInteger("jspy.corruptions", 10_000) / TRIES);

    /** A case takes milliseconds; a machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Frames of all threads: some bytes of the memory for each. */
    private static final int MAX_FRAMES = 1_000_000;

    private static final int MAX_NAME_CHARS = 1 << 20;

    private static final List<Snapshot> WHOLE =
            Snapshots.all().stream().map(Snapshots::read).toList();

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void damagedSnapshotsAreWalkedToAnEnd(@ForAll long seed) {
        for (int i = 0; i < CASES_A_TRY; i++) {
            long caseSeed = seed + i;
            Snapshot whole = WHOLE.get((int) Math.floorMod(caseSeed, (long) WHOLE.size()));
            Snapshot damaged = Corruption.of(whole, caseSeed);
            String name = "Corruption.of(" + version(whole) + ", " + caseSeed + "L)";
            try {
                assertTimeoutPreemptively(PATIENCE, () -> walk(damaged), name);
            } catch (RuntimeException | Error e) {
                throw new AssertionError(name, e);
            }
        }
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void damagedFilesAreReadOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        Path[] files = Snapshots.all().toArray(Path[]::new);
        byte[] bytes = java.nio.file.Files.readAllBytes(files[random.nextInt(files.length)]);
        for (int i = random.nextInt(8); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
        readOrRefuse(Arrays.copyOf(bytes, length));
    }

    /** The container is whole, so that what is wrong is found by nobody but the reader. */
    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void lyingContentsAreReadOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] body = SnapshotFileParts.body(WHOLE.get(random.nextInt(WHOLE.size())));
        int head = Math.min(body.length, random.nextBoolean() ? 512 : body.length);
        for (int i = random.nextInt(8); i >= 0; i--) {
            int at = random.nextInt(head);
            int width = 1 << random.nextInt(4);
            for (int b = 0; b < width && at + b < body.length; b++) {
                body[at + b] = (byte) (random.nextBoolean() ? 0xFF : random.nextInt(256));
            }
        }
        int length = random.nextInt(4) == 0 ? random.nextInt(body.length) : body.length;
        readOrRefuse(SnapshotFileParts.file(Arrays.copyOf(body, length)));
    }

    // internals

    private static void readOrRefuse(byte[] file) throws IOException {
        try {
            Snapshot read = SnapshotReader.read(new ByteArrayInputStream(file));
            SnapshotWriter.write(read, new ByteArrayOutputStream());
        } catch (SnapshotException refused) {
            assertTrue(refused.getMessage().length() < 1000, refused::getMessage);
        }
    }

    private static void walk(Snapshot damaged) {
        StackDump dump;
        try {
            dump = SnapshotFiles.replay(damaged).dump(UnaryOperator.identity());
        } catch (UnsupportedPythonException refused) {
            return; // what it says of its interpreter cannot be true
        }
        if (dump == null) {
            return;
        }
        long frames = 0;
        for (StackDump.ThreadDump thread : dump.threads()) {
            frames += thread.frames().size();
            assertTrue(thread.name() == null || thread.name().length() <= MAX_NAME_CHARS);
            for (Frame frame : thread.frames()) {
                assertTrue(frame.function().length() <= MAX_NAME_CHARS);
                assertTrue(frame.file().length() <= MAX_NAME_CHARS);
            }
        }
        assertTrue(frames <= MAX_FRAMES, "frames: " + frames);
    }

    private static String version(Snapshot snapshot) {
        return "%x".formatted(snapshot.interpreter().versionHex());
    }
}
