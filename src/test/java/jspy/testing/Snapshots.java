package jspy.testing;

import jspy.snapshot.Snapshot;
import jspy.snapshot.SnapshotReader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The snapshots under {@code testdata}, made by {@code tools/snapshots/capture}. */
public final class Snapshots {
    private static final Path TESTDATA = Path.of("testdata");
    private static final String ENDING = ".snapshot";

    private Snapshots() {}

    /** All of them, in a fixed order. */
    public static List<Path> all() {
        try (Stream<Path> files = Files.walk(TESTDATA, 2)) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file beside a snapshot that says what its stacks were. */
    public static Path truth(Path snapshot) {
        String name = snapshot.getFileName().toString();
        return snapshot.resolveSibling(
                name.substring(0, name.length() - ENDING.length()) + ".json");
    }

    public static Snapshot read(Path file) {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return SnapshotReader.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
