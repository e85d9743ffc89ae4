package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jspy.binary.BinaryFormatException;
import jspy.process.CoreProcess;
import jspy.python.Local;
import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Core files by gdb's gcore and by the kernel: stacks and variables of all threads. */
class CoreDumpLiveTest {
    @TempDir private Path folder;

    static List<Python> pythons() {
        return Python.from(8).stream().filter(p -> p.minor() <= 14 && !p.isWrapped()).toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void gcoreOfARunningProgramShowsWhatTheProcessDoes(Python python) throws Exception {
        Path core = folder.resolve("gcore");
        try (LivePython target = Program.named("core_threads").start(python)) {
            gcore(target.pid(), core);
            check(core, target.pid(), python);
            StackDump live =
                    Attachment.to(target.target())
                            .dump(ReadMode.OWN_CORE, UnaryOperator.identity(), 128);
            if (live.proved()) {
                assertEquals(stacks(live), stacks(dump(core, null)));
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void coreOfAProgramThatWasAbortedIsRead(Python python) throws Exception {
        assumeTrue(
                Files.readString(Path.of("/proc/sys/kernel/core_pattern")).startsWith("core"),
                "the kernel hands cores to another program here");
        Program program = Program.named("core_threads");
        ProcessBuilder command = python.command("-u", program.file().toString(), "abort");
        command.command().addAll(0, List.of("sh", "-c", "ulimit -c unlimited; exec \"$@\"", "sh"));
        Process process = command.directory(folder.toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        Path core;
        try (Stream<Path> files = Files.list(folder)) {
            core =
                    files.filter(f -> f.getFileName().toString().startsWith("core"))
                            .findFirst()
                            .orElse(null);
        }
        assumeTrue(core != null, "the kernel wrote no core file");
        check(core, (int) process.pid(), python);
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(6, CoreProcess.open(core, null, arena).core().signal());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void aProgramThatMovedIsNamed(Python python) throws Exception {
        Path core = folder.resolve("gcore");
        Path moved = folder.resolve("moved");
        Path program = folder.resolve("python");
        Files.copy(python.executable().toRealPath(), program);
        Files.setPosixFilePermissions(
                program, Files.getPosixFilePermissions(python.executable().toRealPath()));
        ProcessBuilder command =
                python.command("-u", Program.named("core_threads").file().toString());
        command.command().set(0, program.toString());
        Path prefix = python.executable().toRealPath().getParent().getParent();
        command.environment().putIfAbsent("PYTHONHOME", prefix.toString());
        try (LivePython target = LivePython.start(command)) {
            gcore(target.pid(), core);
            Files.move(program, moved);
            int count = dump(core, moved).threads().size();
            assertEquals(3, count);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void whatIsNoCoreFileIsSaidToBeNone(Python python) {
        assertThrows(BinaryFormatException.class, () -> dump(python.executable(), null));
    }

    // internals

    private static void gcore(int pid, Path core) throws Exception {
        Process gdb;
        try {
            gdb =
                    new ProcessBuilder(
                                    "gdb",
                                    "-batch",
                                    "-p",
                                    Integer.toString(pid),
                                    "-ex",
                                    "generate-core-file " + core)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
        } catch (IOException e) {
            assumeTrue(false, "gdb is not there");
            return;
        }
        assertTrue(gdb.waitFor(60, TimeUnit.SECONDS));
        assumeTrue(Files.exists(core), "gdb wrote no core file");
    }

    private static StackDump dump(Path core, Path executable) throws Exception {
        try (Arena arena = Arena.ofConfined()) {
            CoreProcess process = CoreProcess.open(core, executable, arena);
            return PostMortem.of(process).dump(UnaryOperator.identity(), 128);
        }
    }

    private static void check(Path core, int pid, Python python) throws Exception {
        StackDump dump = dump(core, null);
        assertTrue(dump.localsProved());
        assertEquals(3, dump.threads().size());
        StackDump.ThreadDump main = dump.threads().getFirst();
        assertEquals(pid, main.hostThreadId());
        assertEquals("MainThread", main.name());
        assertEquals(
                List.of("recurse", "recurse", "recurse", "<module>"),
                main.frames().stream().map(f -> f.function()).toList());
        assertEquals("1", text(main, 1, "depth"));
        for (StackDump.ThreadDump thread : dump.threads().subList(1, 3)) {
            int frame = functions(thread).indexOf("linger");
            assertTrue(frame >= 0, thread.toString());
            assertEquals("\"" + thread.name() + "\"", text(thread, frame, "name"));
            assertEquals("[1, 2.5, None]", text(thread, frame, "values"));
            assertTrue(thread.hostThreadId() > pid, python + ": " + thread);
        }
    }

    private static List<String> functions(StackDump.ThreadDump thread) {
        return thread.frames().stream().map(frame -> frame.function()).toList();
    }

    private static List<String> stacks(StackDump dump) {
        return dump.threads().stream()
                .map(t -> t.hostThreadId() + " " + t.frames() + " " + t.locals())
                .toList();
    }

    private static String text(StackDump.ThreadDump thread, int frame, String name) {
        return thread.locals().get(frame).stream()
                .filter(local -> local.name().equals(name))
                .map(Local::text)
                .findFirst()
                .orElse("none");
    }
}
