package jspy.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The table as it stands in the files of the interpreters of this machine. */
class DebugOffsetsLiveTest {
    private static final long COOKIE = 0x7970_6775_6265_6478L;

    @TestFactory
    Stream<DynamicTest> tableInTheFileAgreesWithTheHeaders() {
        List<Python> interpreters = Python.from(LayoutCatalog.FIRST_MINOR_WITH_TABLE);
        Assumptions.assumeFalse(interpreters.isEmpty(), "skipped: no CPython 3.13 or newer here");
        return interpreters.stream()
                .map(python -> DynamicTest.dynamicTest(python.toString(), () -> check(python)));
    }

    // internals

    private static void check(Python python) throws IOException {
        DebugOffsets found = null;
        List<Path> files;
        // Run, because what starts an interpreter may be a script; it goes when its input ends.
        Process process =
                python.command("-c", "import sys; print(1, flush=True); sys.stdin.read()").start();
        try {
            process.inputReader().readLine();
            files = files(process.pid());
            for (Path file : files) {
                found = found == null ? find(file) : found;
            }
        } finally {
            process.getOutputStream().close();
        }
        assertNotNull(found, "no table in " + files);
        // it does not tell a debug build
        assertEquals(python.version().replace("d", ""), found.version().toString());
        String name = python.version() + "-linux-x86_64";
        Assumptions.assumeTrue(LayoutJson.exists(name), "skipped: no layout " + name);

        assertEquals(List.of(), DebugOffsetsTest.differences(found, LayoutJson.of(name)));
        assertEquals(LayoutJson.of(name).flattened(), LayoutCatalog.offsets(found));
    }

    /** The executable, and the shared library that may hold the runtime instead. */
    private static List<Path> files(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Stream<Path> libraries =
                Files.readAllLines(process.resolve("maps")).stream()
                        .filter(line -> line.matches(".*/libpython3[^/]*\\.so[^/]*"))
                        .map(line -> Path.of(process + "/root" + line.substring(line.indexOf('/'))))
                        .distinct();
        return Stream.concat(Stream.of(process.resolve("exe")), libraries).toList();
    }

    /** The first place where a cookie is followed by what can be a table. */
    private static DebugOffsets find(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file);
                Arena arena = Arena.ofConfined()) {
            MemorySegment all =
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            for (long at = 0; at + DebugOffsets.MAX_BYTES <= all.byteSize(); at += 8) {
                if (all.get(ValueLayout.JAVA_LONG_UNALIGNED, at) == COOKIE) {
                    try {
                        return DebugOffsets.read(all.asSlice(at, DebugOffsets.MAX_BYTES));
                    } catch (UnsupportedPythonException e) {
                        // The cookie alone, as a constant of the code that looks for it.
                    }
                }
            }
            return null;
        }
    }
}
