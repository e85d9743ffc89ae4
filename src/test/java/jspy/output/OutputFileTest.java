package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

final class OutputFileTest {
    private static final ProfileWriter HELLO =
            (profile, out) -> out.write("hello".getBytes(StandardCharsets.UTF_8));

    private static final ProfileWriter FULL_DISK =
            (profile, out) -> {
                out.write(new byte[100_000]);
                throw new IOException("No space left on device");
            };

    @TempDir Path folder;

    @Test
    void nothingIsThereBeforeItIsWritten() throws Exception {
        OutputFile file = OutputFile.at(folder.resolve("p.svg"));
        assertEquals(List.of(), names());
        file.write(HELLO, Profiles.empty());
        assertEquals(List.of("p.svg"), names());
        assertEquals("hello", Files.readString(folder.resolve("p.svg")));
    }

    @Test
    void newFileHasTheRightsOfAnyNewFile() throws Exception {
        Path plain = Files.createFile(folder.resolve("plain"));
        OutputFile.at(folder.resolve("p.svg")).write(HELLO, Profiles.empty());
        assertEquals(
                PosixFilePermissions.toString(Files.getPosixFilePermissions(plain)),
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("p.svg"))));
    }

    @Test
    void fullDiskLeavesTheOldFile() throws Exception {
        Path old = Files.writeString(folder.resolve("p.svg"), "old");
        OutputFile file = OutputFile.at(old);
        OutputException failure =
                assertThrows(OutputException.class, () -> file.write(FULL_DISK, Profiles.empty()));
        assertEquals(
                "cannot write " + old + ": No space left on device; the old file is still there",
                failure.getMessage());
        assertEquals("old", Files.readString(old));
        assertEquals(List.of("p.svg"), names());
    }

    @Test
    void fullDiskLeavesNoHalfOfNewFile() throws Exception {
        OutputFile file = OutputFile.at(folder.resolve("p.svg"));
        assertThrows(OutputException.class, () -> file.write(FULL_DISK, Profiles.empty()));
        assertEquals(List.of(), names());
    }

    @Test
    void missingFolderIsSaidBeforehand() {
        Path path = folder.resolve("none/p.svg");
        OutputException failure = assertThrows(OutputException.class, () -> OutputFile.at(path));
        assertEquals(
                ("cannot write %s: there is no folder %s;"
                                + " make it (mkdir -p) or choose another place with -o")
                        .formatted(path, path.getParent()),
                failure.getMessage());
    }

    @Test
    void folderIsNoFile() {
        OutputException failure = assertThrows(OutputException.class, () -> OutputFile.at(folder));
        assertTrue(failure.getMessage().contains("it is a folder"), failure.getMessage());
    }

    @Test
    void folderWhereNoFileCanBeMadeIsSaidBeforehand() {
        Path path = Path.of("/proc/p.svg");
        assumeTrue(Files.isDirectory(path.getParent()), "no /proc");
        OutputException failure = assertThrows(OutputException.class, () -> OutputFile.at(path));
        assertTrue(
                failure.getMessage().contains("no file can be made in /proc"),
                failure.getMessage());
    }

    @Test
    void linkToFileStaysLink() throws Exception {
        Path old = Files.writeString(folder.resolve("real.svg"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link.svg"), old);
        OutputFile.at(link).write(HELLO, Profiles.empty());
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("hello", Files.readString(old));
    }

    @Test
    void deviceIsWrittenStraight() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full");
        OutputFile file = OutputFile.at(full);
        OutputException failure =
                assertThrows(OutputException.class, () -> file.write(HELLO, Profiles.empty()));
        assertEquals(
                "cannot write /dev/full: No space left on device; choose another place with -o",
                failure.getMessage());
        assertTrue(Files.exists(full));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
