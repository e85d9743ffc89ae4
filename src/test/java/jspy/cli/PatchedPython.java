package jspy.cli;

import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A copy of a real interpreter whose {@code Py_Version} says that it is another one. */
final class PatchedPython {
    private PatchedPython() {}

    /** Writes the copy into that folder; skips the test where there is none to be copied. */
    static Path withMinor(Path folder, int minor) throws IOException {
        Python python = original();
        byte[] file = Files.readAllBytes(python.executable().toRealPath());
        long version = 3L << 24 | (long) python.minor() << 16 | (long) python.patch() << 8 | 0xF0;
        long wanted = version & ~(0xFFL << 16) | (long) minor << 16;
        ByteBuffer words = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int patched = 0;
        for (int at = 0; at + Long.BYTES <= file.length; at += Long.BYTES) {
            if (words.getLong(at) == version) {
                words.putLong(at, wanted);
                patched++;
            }
        }
        Assumptions.assumeTrue(patched > 0, python + " does not hold its version as Py_Version");
        Path copy = folder.resolve("python");
        Files.write(copy, file);
        copy.toFile().setExecutable(true);
        return copy;
    }

    /** Where the copy finds its library. */
    static Map<String, String> environment() throws IOException {
        return Map.of(
                "PYTHONHOME",
                original().executable().toRealPath().getParent().getParent().toString());
    }

    // internals

    /** One that has {@code Py_Version}, in its own file, and no {@code _Py_DebugOffsets}. */
    private static Python original() {
        Optional<Python> found =
                Python.from(11).stream()
                        .filter(python -> python.minor() <= 12 && !python.isWrapped())
                        .findFirst();
        Assumptions.assumeTrue(found.isPresent(), "no CPython 3.11 or 3.12 to be copied");
        return found.orElseThrow();
    }
}
