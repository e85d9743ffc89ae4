package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jspy.layout.LayoutCatalog;
import jspy.layout.PythonVersion;
import jspy.memory.LiveMemory;
import jspy.process.Mapping;
import jspy.process.MemoryMaps;
import jspy.process.TargetProcess;
import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Pythons that are started, installed or mutilated in other ways than usual. */
class RuntimeShapesLiveTest {
    private static final String WAIT = "import sys; print('ready'); sys.stdin.read()";
    private static final Path LOADER = Path.of("/lib64/ld-linux-x86-64.so.2");

    @TempDir Path folder;

    static List<Python> pythons() {
        return Python.all().stream()
                .filter(p -> LayoutCatalog.isKnown(PythonVersion.of(p.major(), p.minor(), 0)))
                .toList();
    }

    /** Those whose files these tests can copy, strip and link to. */
    static List<Python> pythonsOfTheMachine() {
        return pythons().stream().filter(python -> !python.isWrapped()).toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void whatSymbolsSayIsFoundWithoutThemToo(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, WAIT);
                Arena arena = Arena.ofConfined()) {
            PythonRuntime runtime = find(target, python);
            TargetProcess process = target.target();
            LiveMemory memory = target.memory();
            MemoryMaps maps = process.maps();
            Mapping mapping =
                    maps.files().stream()
                            .filter(file -> file.path().equals(runtime.file()))
                            .findFirst()
                            .orElseThrow();
            PythonFile file = PythonFile.open(process, memory, maps, mapping, arena);

            RuntimeScan scan = new RuntimeScan(memory, maps);
            if (runtime.debugOffsets()) {
                assertEquals(runtime.runtimeAddress(), scan.byCookie(file).orElseThrow());
            }
            long head = scan.byInterpreter(file, runtime.offsets()).orElseThrow();
            if (runtime.runtimeAddress() != 0) {
                assertEquals(runtime.interpretersHeadAddress(), head);
            } else {
                // interp_head and autoInterpreterState hold the same pointer
                Peek peek = new Peek(memory);
                assertEquals(peek.pointer(runtime.interpretersHeadAddress()), peek.pointer(head));
            }

            VersionFinder versions = new VersionFinder(new Peek(memory));
            // the text does not tell a debug build
            assertEquals(
                    python.version().replace("d", ""),
                    versions.byText(file).orElseThrow().version().toString());

            PythonFile image = PythonFile.image(memory, maps, mapping, arena);
            assertEquals(file.bias(), image.bias());
            if (runtime.runtimeAddress() != 0) {
                assertEquals(runtime.runtimeAddress(), image.address("_PyRuntime").orElseThrow());
            }
            assertEquals(file.writable(), image.writable());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythonsOfTheMachine")
    void oneWhoseFilesWereDeletedIsFound(Python python) throws Exception {
        List<Path> copied = new ArrayList<>();
        ProcessBuilder command = copy(python, copied);
        try (LivePython target = LivePython.start(command)) {
            for (Path file : copied) {
                Files.delete(file);
            }
            PythonRuntime runtime = find(target, python);
            assertTrue(runtime.file().endsWith(" (deleted)"), runtime.file());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythonsOfTheMachine")
    void oneThatWasStrippedIsFound(Python python) throws Exception {
        List<Path> copied = new ArrayList<>();
        ProcessBuilder command = copy(python, copied);
        for (Path file : copied) {
            run("strip", "--strip-all", file.toString());
        }
        try (LivePython target = LivePython.start(command)) {
            find(target, python);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythonsOfTheMachine")
    void oneThatWasStartedThroughTheLoaderIsFound(Python python) throws Exception {
        assumeTrue(Files.isExecutable(LOADER), LOADER + " is not there");
        ProcessBuilder command = python.command("-u", "-c", WAIT);
        List<String> through = new ArrayList<>(List.of(LOADER.toString()));
        through.addAll(command.command());
        through.set(1, python.executable().toRealPath().toString());
        try (LivePython target = LivePython.start(command.command(through))) {
            find(target, python);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythonsOfTheMachine")
    void oneOfAVirtualEnvironmentIsFound(Python python) throws Exception {
        Path bin = Files.createDirectories(folder.resolve("venv/bin"));
        Files.writeString(
                folder.resolve("venv/pyvenv.cfg"),
                "home = " + python.executable().getParent() + "\n");
        Files.createSymbolicLink(bin.resolve("python"), python.executable());
        ProcessBuilder command = python.command("-u", "-c", WAIT);
        command.command().set(0, bin.resolve("python").toString());
        try (LivePython target = LivePython.start(command)) {
            find(target, python);
        } finally {
            Files.delete(bin.resolve("python"));
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythonsOfTheMachine")
    void oneBehindAChangedRootIsFound(Python python) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "chroot wants root");
        assumeTrue(python.major() == 3 && python.minor() >= 11, "needs too much of its library");
        Path executable = python.executable().toRealPath();
        copyIntoRoot(executable);
        ProcessBuilder ldd = new ProcessBuilder("ldd", executable.toString());
        ldd.environment().putAll(python.environment());
        for (String line : output(ldd)) {
            for (String word : line.trim().split("\\s+")) {
                if (word.startsWith("/")) {
                    copyIntoRoot(Path.of(word));
                }
            }
        }
        Path library =
                Path.of(output(python.command("-c", "import os; print(os.__file__)")).get(0));
        try (Stream<Path> files = Files.walk(library.getParent(), 2)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".py")).toList()) {
                copyIntoRoot(file);
            }
        }
        ProcessBuilder command = python.command();
        command.command("chroot", folder.toString(), executable.toString(), "-S", "-u", "-c", WAIT);
        command.environment().put("PYTHONHOME", library.getParent().getParent().getParent() + "");
        if (!python.environment().isEmpty()) {
            command.environment().putAll(python.environment());
        }
        try (LivePython target = LivePython.start(command)) {
            find(target, python);
        }
    }

    // internals

    private static PythonRuntime find(LivePython target, Python python) throws Exception {
        PythonRuntime runtime = new RuntimeFinder(target.target(), target.memory()).find();
        assertEquals(python.version(), runtime.version().toString());
        return runtime;
    }

    /** A command that runs copies of the executable and of its libpython, if it has one. */
    private ProcessBuilder copy(Python python, List<Path> copied) throws Exception {
        Path executable = python.executable().toRealPath();
        ProcessBuilder ldd = new ProcessBuilder("ldd", executable.toString());
        ldd.environment().putAll(python.environment());
        copied.add(Files.copy(executable, folder.resolve("python-copy")));
        for (String line : output(ldd)) {
            if (line.contains("libpython")) {
                Path library = Path.of(line.replaceAll(".*=> (\\S+) .*", "$1"));
                copied.add(Files.copy(library, folder.resolve(library.getFileName())));
            }
        }
        ProcessBuilder command = python.command("-u", "-c", WAIT);
        command.command().set(0, copied.getFirst().toString());
        String prefix = output(python.command("-c", "import sys; print(sys.prefix)")).getFirst();
        command.environment().put("PYTHONHOME", prefix);
        command.environment().put("LD_LIBRARY_PATH", folder.toString());
        return command;
    }

    private void copyIntoRoot(Path file) throws IOException {
        Path copy = folder.resolve(file.toString().substring(1));
        Files.createDirectories(copy.getParent());
        if (!Files.exists(copy)) {
            Files.copy(file, copy);
        }
    }

    private static List<String> output(ProcessBuilder command) throws Exception {
        Process process = command.start();
        List<String> lines = process.inputReader().lines().toList();
        process.waitFor();
        return lines;
    }

    private static void run(String... command) throws Exception {
        try {
            assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
        } catch (IOException e) {
            assumeTrue(false, Arrays.toString(command) + " cannot be run");
        }
    }
}
