package jspy.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.cli.SnapshotFiles;
import jspy.profile.Frame;
import jspy.sample.StackDump;
import jspy.testing.Snapshots;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Every snapshot under {@code testdata} shows the stacks that the program said of itself; no Python
 * is needed.
 */
class SnapshotReplayTest {
    static List<Path> snapshots() {
        return Snapshots.all();
    }

    @Test
    void everyMinorVersionHasSnapshots() {
        Set<String> folders =
                snapshots().stream()
                        .map(file -> file.getParent().getFileName().toString())
                        .collect(Collectors.toCollection(TreeSet::new));
        for (int minor = 6; minor <= 14; minor++) {
            assertTrue(folders.contains("python-3." + minor), folders.toString());
        }
        for (String other : List.of("2.7", "3.13t", "3.13d")) {
            assertTrue(folders.contains("python-" + other), folders.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void stacksAreThoseTheProgramSaid(Path file) throws Exception {
        Snapshot snapshot = Snapshots.read(file);
        JsonNode truth = JsonMapper.shared().readTree(Files.readString(Snapshots.truth(file)));
        StackDump dump = SnapshotFiles.replay(snapshot).dump(UnaryOperator.identity());
        assertTrue(dump.proved());
        assertEquals(said(truth), shown(dump));
        assertEquals(
                truth.get("python").asString(),
                SnapshotFiles.replay(snapshot).runtime().version().toString());
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void theSameStacksComeFromTwoCopies(Path file) {
        Snapshot proved = Snapshots.read(file);
        StackDump dump = SnapshotFiles.replay(unproved(proved)).dump(UnaryOperator.identity());
        StackDump same = SnapshotFiles.replay(proved).dump(UnaryOperator.identity());
        assertEquals(shown(same), shown(dump));
        assertEquals(false, dump.proved());
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void writingWhatWasReadGivesTheSameBytes(Path file) throws Exception {
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        SnapshotWriter.write(Snapshots.read(file), again);
        assertArrayEquals(Files.readAllBytes(file), again.toByteArray());
        Snapshot read = SnapshotReader.read(new ByteArrayInputStream(again.toByteArray()));
        assertEquals(Snapshots.read(file), read);
    }

    @ParameterizedTest
    @MethodSource("snapshots")
    void snapshotsAreSmallAndNameNoMachine(Path file) throws Exception {
        assertTrue(Files.size(file) < 200_000, () -> file + " is large");
        Snapshot snapshot = Snapshots.read(file);
        List<String> names = List.of(snapshot.executable(), snapshot.interpreter().file());
        for (String name : names) {
            assertTrue(name.matches("/tmp/jspy-snapshots/.*|/usr/bin/python3\\.\\d+"), name);
        }
        assertTrue(snapshot.proved(), file + " is not proved");
    }

    /** All that could be run somewhere; 3.3 to 3.5, 3.14t and 3.15t could not. */
    @Test
    void everyMinorVersionAndFlavourHasOne() {
        Set<String> folders = new TreeSet<>();
        Snapshots.all().forEach(file -> folders.add(file.getParent().getFileName().toString()));
        Set<String> wanted = new TreeSet<>(Set.of("2.7", "3.13t", "3.13d"));
        IntStream.rangeClosed(6, 15).forEach(minor -> wanted.add("3." + minor));
        for (String one : wanted) {
            assertTrue(folders.contains("python-" + one), () -> one + " is not in " + folders);
        }
    }

    // internals

    private static Map<String, String> said(JsonNode truth) {
        Map<String, String> threads = new TreeMap<>();
        for (JsonNode thread : truth.get("threads")) {
            StringBuilder frames = new StringBuilder();
            for (JsonNode frame : thread.get("frames")) {
                frames.append(frame.get("function").asString())
                        .append(" (")
                        .append(frame.get("file").asString())
                        .append(':')
                        .append(frame.get("line").asInt())
                        .append(")\n");
            }
            threads.put(thread.get("name").asString(), frames.toString());
        }
        return threads;
    }

    private static Map<String, String> shown(StackDump dump) {
        Map<String, String> threads = new TreeMap<>();
        for (StackDump.ThreadDump thread : dump.threads()) {
            StringBuilder frames = new StringBuilder();
            for (Frame frame : thread.frames()) {
                frames.append(frame.label()).append('\n');
            }
            threads.put(thread.name(), frames.toString());
        }
        return threads;
    }

    private static Snapshot unproved(Snapshot snapshot) {
        return new Snapshot(
                snapshot.jspyVersion(),
                snapshot.platform(),
                snapshot.pid(),
                snapshot.commandLine(),
                snapshot.executable(),
                snapshot.interpreter(),
                false,
                snapshot.threads(),
                snapshot.fileNames(),
                snapshot.memory());
    }
}
