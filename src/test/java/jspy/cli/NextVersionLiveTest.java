package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.LayoutCatalog;
import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A minor version that jspy does not know yet: copies of real interpreters whose {@code
 * _Py_DebugOffsets} say that they are 3.16.
 */
class NextVersionLiveTest {
    /** "xdebugpy": {@code _Py_Debug_Cookie}; the version word follows it. */
    private static final long COOKIE = 0x7970_6775_6265_6478L;

    private static final int NEXT_MINOR = 16;
    private static final int NEWEST_MINOR = 15;

    @TempDir Path folder;

    /** In the shape of the newest that is known: it works, and one line says so. */
    @Test
    void theNextVersionInTheNewestShapeIsRead() throws Exception {
        Python newest = python(NEWEST_MINOR);
        Path copy = folder.resolve("python");
        try (LivePython original =
                LivePython.run(newest, "print('ready'); import time; time.sleep(60)")) {
            patch(Path.of("/proc/" + original.pid() + "/exe"), copy);
        }
        Program program = Program.named("four_threads");
        String start =
                "import os; os.execve(%s, ['python', '-u', %s], {'PYTHONHOME': '/usr'})"
                        .formatted(quoted(copy), quoted(program.file()));
        try (LivePython target = LivePython.start(newest.command("-c", start))) {
            Jspy jspy = Jspy.run("dump", "--pid", Integer.toString(target.pid()));
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(jspy.err().contains("3.16"), jspy.err());
            assertTrue(jspy.err().contains("is newer than this jspy"), jspy.err());
            assertEquals(1, jspy.err().lines().count(), jspy.err());
            for (int i = 0; i < 4; i++) {
                assertTrue(jspy.out().contains("compute" + i + " ("), jspy.out());
                assertTrue(jspy.out().contains("\"compute" + i + "\""), jspy.out());
            }
        }
    }

    /** Where the table has another shape nothing is guessed. */
    @Test
    void theNextVersionInAnOlderShapeIsRefused() throws Exception {
        Optional<Python> shared =
                Python.from(NEWEST_MINOR - 1).stream()
                        .filter(p -> !p.isWrapped() && p.minor() == NEWEST_MINOR - 1)
                        .filter(p -> p.environment().containsKey("LD_LIBRARY_PATH"))
                        .findFirst();
        Assumptions.assumeTrue(shared.isPresent(), "no CPython 3.14 with a libpython to be copied");
        Python python = shared.orElseThrow();
        String library = "libpython3." + python.minor() + ".so.1.0";
        patch(python.executable().resolveSibling(library), folder.resolve(library));
        ProcessBuilder command = python.command("-u", Program.named("busy").file().toString());
        Map<String, String> environment = command.environment();
        environment.merge("LD_LIBRARY_PATH", "", (all, none) -> folder + ":" + all);
        try (LivePython target = LivePython.start(command)) {
            Jspy jspy = Jspy.run("dump", "--pid", Integer.toString(target.pid()));
            assertNotEquals(0, jspy.exitCode());
            assertEquals("", jspy.out());
            assertTrue(jspy.err().contains("3.16"), jspy.err());
            assertTrue(jspy.err().contains(LayoutCatalog.supported()), jspy.err());
        }
    }

    // internals

    private static Python python(int minor) {
        List<Python> found = Python.from(minor);
        Assumptions.assumeTrue(
                !found.isEmpty() && found.getFirst().isWrapped(),
                "no CPython 3." + minor + " (tools/targets/fetch-debian)");
        return found.getFirst();
    }

    private static void patch(Path file, Path copy) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int patched = 0;
        for (int at = 0; at + 2 * Long.BYTES <= bytes.length; at += Long.BYTES) {
            if (words.getLong(at) == COOKIE) {
                long version = words.getLong(at + Long.BYTES);
                long next = version & ~(0xFFL << 16) | (long) NEXT_MINOR << 16;
                words.putLong(at + Long.BYTES, next);
                patched++;
            }
        }
        assertEquals(1, patched);
        Files.write(copy, bytes);
        assertTrue(copy.toFile().setExecutable(true));
    }

    private static String quoted(Path path) {
        return "'" + path + "'";
    }
}
