package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process and its children, with a shell between them: {@code -s} of dump and record. */
@Timeout(120)
final class SubprocessesLiveTest {
    @TempDir private Path folder;

    @Test
    void dumpShowsTheWholeTreeAndPassesOverWhatIsNoPython() throws Exception {
        try (LivePython parent = family("idle", 2)) {
            Jspy jspy = Jspy.run("dump", "-s", "-p", pid(parent));
            assertEquals(0, jspy.exitCode(), jspy.err());
            String out = jspy.out();
            assertTrue(out.startsWith("Process " + parent.pid() + ": "), out);
            assertEquals(3, count(out, "(?m)^Process \\d+: .*family"), out);
            assertEquals(2, count(out, "(?m)^-{80}$"), out);
            assertEquals(2, count(out, "(?m)^Parent Process \\d+: sh -c "), out);
            assertEquals(1, count(out, "parent \\(family.py:"), out);
            assertEquals(2, count(out, "idle_child \\(family.py:"), out);
        }
    }

    @Test
    void dumpAsJsonSaysWhoseChildEachIs() throws Exception {
        try (LivePython parent = family("idle", 2)) {
            Jspy jspy = Jspy.run("dump", "-s", "-j", "-l", "-p", pid(parent));
            assertEquals(0, jspy.exitCode(), jspy.err());
            Set<String> pids = new HashSet<>();
            Matcher threads =
                    Pattern.compile("\\{\\s+\"pid\" : (\\d+),\\s+\"thread_id\"")
                            .matcher(jspy.out());
            while (threads.find()) {
                pids.add(threads.group(1));
            }
            assertEquals(3, pids.size(), jspy.out());
            // two parents up: the shell, then the one that was named, which has none
            assertEquals(
                    2,
                    count(
                            jspy.out(),
                            "\"parent\" : \\{\\s+\"pid\" : \\d+,\\s+\"command_line\" : \"sh -c"
                                    + " [^\\n"
                                    + "]*\\s+\"parent\" : \\{\\s+\"pid\" : "
                                    + parent.pid()
                                    + ",[^\\n"
                                    + "]*\\s+\"command_line\" : [^\\n"
                                    + "]*\\s+\"parent\" : null"),
                    jspy.out());
            assertEquals(1, count(jspy.out(), "\"repr\" : \"\\\\\"idle\\\\\"\""), jspy.out());
        }
    }

    @Test
    void dumpStartsFromAnyProgram() throws Exception {
        Process shell =
                new ProcessBuilder(
                                "sh",
                                "-c",
                                "\"$@\"; exit $?",
                                "sh",
                                newest().executable().toString(),
                                "-c",
                                "import time; print(1, flush=True); time.sleep(100)")
                        .start();
        try {
            assertEquals("1", shell.inputReader().readLine());
            Jspy jspy = Jspy.run("dump", "-s", "-p", Long.toString(shell.pid()));
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(jspy.out().contains("Parent Process " + shell.pid() + ": sh"), jspy.out());
            assertEquals(1, Jspy.run("dump", "-p", Long.toString(shell.pid())).exitCode());
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
        Process sleeping = new ProcessBuilder("sleep", "100").start();
        try {
            Jspy none = Jspy.run("dump", "-s", "-p", Long.toString(sleeping.pid()));
            assertEquals(1, none.exitCode());
            assertTrue(none.err().contains("there is no CPython in process "), none.err());
            assertEquals("", none.out());
        } finally {
            sleeping.destroyForcibly();
        }
    }

    @Test
    void recordPutsChildrenInsideTheirParentsUnlessTheyAreMerged() throws Exception {
        try (LivePython parent = family("busy", 2)) {
            String apart = record(parent, "-F");
            List<String> children =
                    apart.lines().filter(line -> line.contains("busy_child")).toList();
            assertTrue(!children.isEmpty(), apart);
            for (String line : children) {
                assertTrue(
                        line.matches(
                                "process "
                                        + parent.pid()
                                        + ":\"[^;]*\";process \\d+:\"[^;]*\";<module> .*"),
                        line);
            }
            Set<String> pids = new HashSet<>();
            children.forEach(line -> pids.add(line.replaceFirst(".*;process (\\d+):.*", "$1")));
            assertEquals(2, pids.size(), apart);

            String merged = record(parent, "-F", "--merge-processes");
            assertFalse(merged.contains("process "), merged);
            assertTrue(merged.lines().count() < apart.lines().count(), apart + "\n" + merged);
            assertEquals(
                    merged.lines().count(),
                    merged.lines().map(line -> line.replaceFirst(" \\d+$", "")).distinct().count());
        }
        assertEquals(2, Jspy.run("record", "--merge-processes", "-p", "1").exitCode());
    }

    /**
     * How fast they are found, and how often each is sampled, is up to the machine; that all are,
     * again and again, by one sampler, is not.
     */
    @ParameterizedTest
    @ValueSource(strings = {"busy", "idle"})
    void manyChildrenShareOneSampler(String kind) throws Exception {
        int count = 12;
        try (LivePython parent = family(kind, count)) {
            Path file = folder.resolve(kind + ".txt");
            ProcessBuilder command =
                    Jspy.command("record", "-s", "-i", "-F", "-f", "raw", "-o", file.toString());
            command.command().addAll(List.of("-p", pid(parent)));
            try (Jspy jspy = Jspy.start(command)) {
                jspy.awaitErr("sampling process");
                Jspy.await("all children", () -> seenSoFar(jspy, file, kind).size() == count);
                Map<String, Long> before = seenSoFar(jspy, file, kind);
                Jspy.await(
                        "more of each",
                        () ->
                                seenSoFar(jspy, file, kind).entrySet().stream()
                                        .allMatch(e -> e.getValue() > before.get(e.getKey())));
                assertEquals(1, threads(jspy.process().pid(), "jspy-sampler"));
                assertTrue(threads(jspy.process().pid(), "jspy-") < 8);
                jspy.signal("INT");
                assertEquals(0, jspy.exitCode(), jspy.err());
            }
        }
    }

    // internals

    private String record(LivePython parent, String... more) throws Exception {
        Path file = folder.resolve("x" + System.nanoTime() + ".txt");
        ProcessBuilder command = Jspy.command("record", "-s", "-d", "2.5", "-f", "raw");
        command.command().addAll(List.of("-o", file.toString(), "-p", pid(parent)));
        command.command().addAll(List.of(more));
        Jspy jspy = Jspy.run(command);
        assertEquals(0, jspy.exitCode(), jspy.err());
        return Files.readString(file);
    }

    /** The samples of each child, by its process frame. */
    private static Map<String, Long> seenSoFar(Jspy jspy, Path file, String kind) {
        try {
            Files.deleteIfExists(file);
            Thread.sleep(500);
            jspy.signal("USR1");
            Jspy.await("the file", () -> Files.exists(file));
            return Files.readAllLines(file).stream()
                    .filter(line -> line.contains(kind + "_child"))
                    .collect(
                            Collectors.toMap(
                                    line -> line.replaceFirst(".*;(process \\d+).*", "$1"),
                                    line -> Long.parseLong(line.replaceFirst(".* ", "")),
                                    Long::sum));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static long threads(long pid, String name) throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/" + pid + "/task"))) {
            long count = 0;
            for (Path thread : all.toList()) {
                count += Files.readString(thread.resolve("comm")).startsWith(name) ? 1 : 0;
            }
            return count;
        }
    }

    private static LivePython family(String kind, int count) throws IOException {
        return Program.named("family").start(newest(), kind, Integer.toString(count));
    }

    private static Python newest() {
        return Pythons.any();
    }

    private static String pid(LivePython python) {
        return Integer.toString(python.pid());
    }

    private static long count(String text, String pattern) {
        return Pattern.compile(pattern).matcher(text).results().count();
    }
}
