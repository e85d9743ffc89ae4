package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.ThreadIds;
import jspy.testing.Program;
import jspy.testing.Python;
import jspy.testing.RuncContainer;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A container of runc's, from the host and from inside, with and without what jspy needs. */
class RuncLiveTest {
    private static final List<String> PTRACE = List.of("CAP_SYS_PTRACE");

    private static final Map<Path, String> JSPY =
            Map.of(
                    Path.of(System.getProperty("java.home")), "/inner/java",
                    Path.of(System.getProperty("jspy.jar")), "/inner/jspy.jar");

    @Test
    void fromTheHost() throws Exception {
        try (RuncContainer container = start(false)) {
            List<String> said = container.linesUpTo("end");
            String pid = Integer.toString(container.pid());
            Jspy dump = Jspy.run("dump", "--pid", pid);
            assertEquals(0, dump.exitCode(), dump.err());
            assertTrue(dump.out().contains("(program.py:"), dump.out());
            assertTrue(!dump.out().contains("unreadable"), dump.out());
            ThreadIds ids = container.target().threadIds();
            assertTrue(ids.isNamespaced());
            assertEquals(container.pid(), ids.listedId(1));
            for (String line : said) {
                int outside = ids.listedId(Integer.parseInt(line.split(" ")[0]));
                assertTrue(dump.out().contains("Thread " + outside + " "), dump.out());
            }
            Jspy list = Jspy.run("list");
            assertTrue(
                    list.out()
                            .lines()
                            .anyMatch(
                                    line ->
                                            line.strip().startsWith(pid + " ")
                                                    && line.contains(" " + container.name() + " ")),
                    list.out());
        }
    }

    @Test
    void fromInsideWithTheCapability() throws Exception {
        try (RuncContainer container = start(false)) {
            container.linesUpTo("end");
            String doctor = jspy(container, PTRACE, "doctor 1");
            assertTrue(doctor.contains("read by     process_vm_readv"), doctor);
            assertTrue(doctor.contains("in the way  nothing"), doctor);
            String dump = jspy(container, PTRACE, "dump --pid 1");
            assertTrue(dump.contains("Thread 1 (idle): \"MainThread\""), dump);
            assertTrue(dump.contains("(program.py:"), dump);
        }
    }

    /**
     * Without it root may read what has no more capabilities than itself; this one has one more.
     */
    @Test
    void fromInsideWithoutTheCapability() throws Exception {
        try (RuncContainer container = start(false)) {
            String dump =
                    container.exec(
                            List.of(),
                            "/bin/sh",
                            "-c",
                            "exec setpriv --bounding-set=-kill --inh-caps=-kill "
                                    + command("dump --pid 1"));
            assertTrue(dump.contains("no permission"), dump);
            assertTrue(dump.contains("--cap-add=SYS_PTRACE"), dump);
        }
    }

    @Test
    void whereAFilterForbidsProcessVmReadvTheMemoryFileIsRead() throws Exception {
        try (RuncContainer container = start(true)) {
            container.linesUpTo("end");
            String doctor = jspy(container, PTRACE, "doctor 1");
            assertTrue(doctor.contains("read by     /proc/1/mem"), doctor);
            assertTrue(doctor.contains("in the way  nothing"), doctor);
        }
    }

    // internals

    private static RuncContainer start(boolean seccomp) throws Exception {
        return RuncContainer.start(python(), Program.named("named_threads"), seccomp, JSPY);
    }

    private static Python python() {
        List<Python> found =
                Python.from(8).stream()
                        .filter(python -> !python.isWrapped() && python.minor() <= 14)
                        .filter(python -> python.environment().isEmpty() && !python.isDebug())
                        .toList();
        Assumptions.assumeTrue(!found.isEmpty(), "no Python that can be shown in a container");
        return found.getLast();
    }

    private static String jspy(RuncContainer container, List<String> capabilities, String line)
            throws Exception {
        return container.exec(capabilities, "/bin/sh", "-c", "exec " + command(line));
    }

    private static String command(String line) {
        return "/inner/java/bin/java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar /inner/jspy.jar "
                + line;
    }
}
