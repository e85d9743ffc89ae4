package jspy.python;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A C program that embeds an interpreter, and whose name and main function say nothing of it. */
class EmbeddedLiveTest {
    /** As docs.python.org's "Embedding Python in Another Application" has it, and no more. */
    private static final String PROGRAM =
            """
            #include <Python.h>
            int main(void) {
                Py_Initialize();
                PyRun_SimpleString("import sys\\nprint('ready')\\nsys.stdout.flush()\\n"
                                   "sys.stdin.read()\\n");
                return 0;
            }
            """;

    @TempDir private Path folder;

    static List<Python> pythons() {
        return Python.from(8).stream()
                .filter(p -> p.minor() <= 14 && !p.isWrapped() && p.environment().isEmpty())
                .toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void theInterpreterOfAnotherProgramIsFound(Python python) throws Exception {
        Path prefix = python.executable().toRealPath().getParent().getParent();
        Path server = build(python, prefix);
        ProcessBuilder command = new ProcessBuilder(server.toString());
        command.environment().put("PYTHONHOME", prefix.toString());
        command.environment().put("LD_LIBRARY_PATH", prefix.resolve("lib").toString());
        try (LivePython target = LivePython.start(command)) {
            PythonRuntime runtime = new RuntimeFinder(target.target(), target.memory()).find();
            assertTrue(runtime.version().toString().startsWith(python.version()));
            PythonKind kind = PythonKind.of(target.target().maps(), target.target().executable());
            System.out.printf("%s: %s, %s%n", python, runtime.file(), runtime.foundBy());
            assertTrue(
                    !runtime.file().contains("libpython") || kind.kind() == PythonKind.Kind.CPYTHON,
                    kind.toString());
        }
    }

    // internals

    private Path build(Python python, Path prefix) throws IOException, InterruptedException {
        String version = "%d.%d".formatted(python.major(), python.minor());
        Path headers = prefix.resolve("include/python" + version);
        if (!Files.exists(headers.resolve("Python.h"))) {
            headers = prefix.resolve("include/python" + version + "t");
        }
        Path source = folder.resolve("server.c");
        Path program = folder.resolve("server");
        Files.writeString(source, PROGRAM);
        String flavour = headers.toString().endsWith("t") ? version + "t" : version;
        String link =
                "cc -o \"$1\" \"$2\" -I\"$3\" -L\"$4\" -lpython%s -lm -ldl -lpthread -lutil -Wl,-E"
                        .formatted(flavour);
        Process cc;
        try {
            cc =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    link,
                                    "sh",
                                    program.toString(),
                                    source.toString(),
                                    headers.toString(),
                                    prefix.resolve("lib").toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            Assumptions.abort("no shell");
            throw e;
        }
        int status = cc.waitFor();
        Assumptions.assumeTrue(
                status == 0, python + " cannot be embedded: no compiler, headers or libpython");
        return program;
    }
}
