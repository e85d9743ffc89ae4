package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.binary.Elf;
import jspy.memory.FileMemory;
import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.process.Mapping;
import jspy.profile.Frame;
import jspy.testing.LivePython;
import jspy.testing.Oracle;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * CPythons for aarch64 under qemu-user, looked at from this machine: their files, layouts, line
 * tables and threads. Their variables: {@link jspy.python.LocalsLiveTest}.
 */
class Aarch64LiveTest {
    /** {@code EM_AARCH64}, elf.h */
    private static final int AARCH64 = 183;

    private static final double RATE = 200;
    private static final int SAMPLES = 300;
    private static final Oracle ORACLE = new Oracle("four_threads", "", "", "", 0);

    private static final Set<String> NAMES =
            Set.of("MainThread", "compute0", "compute1", "compute2", "compute3");

    /** One null where there is none. */
    static List<Python> pythons() {
        return Python.emulated().isEmpty() ? Collections.singletonList(null) : Python.emulated();
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void noImpossibleStackIsProved(Python python) throws Exception {
        assumeThere(python);
        try (LivePython target = ORACLE.start(python)) {
            Attachment attachment = Attachment.to(target.target());
            assertEquals(python.version(), attachment.runtime().version().toString());
            assertEquals(AARCH64, machineOf(target, attachment.runtime().file()));
            Oracle.Found found = ORACLE.record(target, RATE, SAMPLES);
            System.out.printf(
                    "%s for aarch64, %s: %s%n",
                    python, attachment.runtime().foundBy(), found.accuracy().summary());
            assertEquals(0, found.impossible(), found.example());
            assertTrue(found.provedPercent() >= 90, found.accuracy()::summary);
            assertTheMemoryFileTellsTheSame(target, attachment);
            if (python == pythons().getFirst()) {
                Oracle.Naive naive = ORACLE.readNaively(target);
                System.out.println(naive);
                assertTrue(naive.notTried() != null || naive.impossible() > 0, naive::toString);
            }
        }
    }

    /** As in a container for another machine: there jspy is emulated as well. */
    @Test
    void jspyItselfRunsEmulated() throws Exception {
        Path java = Python.targets().resolve("aarch64/java/bin/java");
        Path jar = Path.of(System.getProperty("jspy.basedir", "."), "target", "jspy.jar");
        if (!Files.isExecutable(java) || !Files.exists(jar) || Python.emulated().isEmpty()) {
            System.out.println(
                    "skipped: jspy on an emulated Java, which takes a minute"
                            + " (tools/targets/fetch-aarch64 java; mvn package)");
            Assumptions.abort();
        }
        Python python = Python.emulated().getLast();
        try (LivePython target = Program.named("named_threads").start(python)) {
            target.linesUpTo("end");
            List<String> command = qemu(python);
            command.addAll(
                    List.of(java.toString(), "-jar", jar.toString(), "doctor", "" + target.pid()));
            Process jspy = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(jspy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(jspy.waitFor(1, TimeUnit.SECONDS));
            System.out.println(said);
            assertTrue(said.contains("CPython " + python.version()), said);
            assertTrue(said.contains("/proc/" + target.pid() + "/mem"), said);
            assertTrue(said.contains("in the way  nothing"), said);
        }
    }

    // internals

    private static void assumeThere(Python python) {
        if (python == null) {
            System.out.println(
                    "skipped: no CPython for aarch64 here (tools/targets/fetch-aarch64,"
                            + " qemu-user)");
            Assumptions.abort();
        }
    }

    /** What is read through it where there is no process_vm_readv, as under gVisor and qemu. */
    private static void assertTheMemoryFileTellsTheSame(LivePython target, Attachment attachment)
            throws IOException {
        try (TargetMemory memory = FileMemory.open(new Linux(), "/proc/" + target.pid() + "/mem")) {
            assertNotNull(memory, "no memory file");
            StackDump dump =
                    attachment.dump(ReadMode.OWN_CORE, UnaryOperator.identity(), 0, memory, memory);
            Set<String> names = new TreeSet<>();
            for (StackDump.ThreadDump thread : dump.threads()) {
                names.add(thread.name());
                Frame root = thread.frames().getLast();
                assertTrue(!root.isMark() && root.line() > 0, thread::toString);
            }
            assertEquals(NAMES, names);
        }
    }

    private static int machineOf(LivePython target, String file) throws Exception {
        for (Mapping mapping : target.target().maps().files()) {
            if (mapping.filePath().equals(file)) {
                return Elf.header(target.target().file(mapping).path()).machine();
            }
        }
        throw new AssertionError(file + " is not mapped");
    }

    /** The beginning of the command with which the starter starts: qemu, {@code -L}, the root. */
    private static List<String> qemu(Python python) throws Exception {
        String start = Files.readAllLines(python.executable()).getLast();
        String[] words = start.replaceFirst("^exec ", "").replace("\"", "").split(" ");
        return new ArrayList<>(Arrays.asList(words).subList(0, 3));
    }
}
