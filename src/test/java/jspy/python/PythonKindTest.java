package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jspy.process.MemoryMaps;
import jspy.python.PythonKind.Kind;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;

class PythonKindTest {
    @Test
    void theNameOfTheExecutableSaysIt() {
        assertKind(Kind.CPYTHON, "3.11", "/usr/bin/python3.11");
        assertKind(Kind.CPYTHON, "3", "/usr/bin/python3");
        assertKind(Kind.CPYTHON, "3.13", "/opt/bin/python3.13t (deleted)");
        assertKind(Kind.CPYTHON, "", "/venv/bin/python");
        assertKind(Kind.PYPY, "", "/opt/pypy/bin/pypy3.10");
        assertKind(Kind.GRAALPY, "", "/opt/graalpy/bin/graalpy");
        assertKind(Kind.OTHER, "", "/usr/bin/bash");
        assertKind(Kind.OTHER, "", "/usr/bin/python-config-reader");
    }

    @Test
    void whatIsMappedSaysItOfOthers() {
        assertEquals(Kind.CPYTHON, mapped("/usr/lib/libpython3.11.so.1.0").kind());
        assertEquals("3.11", mapped("/usr/lib/libpython3.11.so.1.0").version());
        assertEquals(Kind.PYPY, mapped("/opt/pypy/bin/libpypy3.10-c.so").kind());
        assertEquals(
                "3.12", mapped("/usr/lib/python3.12/lib-dynload/_ssl.cpython-312.so").version());
        assertEquals(Kind.OTHER, mapped("/usr/lib/libc.so.6").kind());
    }

    @Test
    void whoOnlyReadsALibraryIsNoPython() {
        String library = "/usr/lib/libpython3.11.so.1.0";
        assertEquals(Kind.OTHER, mapped("r--p", library).kind());
        assertEquals(Kind.CPYTHON, mapped("rw-p", library).kind());
    }

    // internals

    private static void assertKind(Kind kind, String version, String executable) {
        PythonKind found = PythonKind.ofExecutable(executable);
        assertEquals(kind, found.kind(), executable);
        assertEquals(version, found.version(), executable);
    }

    private static PythonKind mapped(String file) {
        return mapped("r-xp", file);
    }

    private static PythonKind mapped(String rights, String file) {
        String line = "7f0000000000-7f0000001000 " + rights + " 00000000 08:01 42 " + file + "\n";
        return PythonKind.of(
                MemoryMaps.parse(line.getBytes(StandardCharsets.UTF_8)), "/usr/sbin/server");
    }
}
