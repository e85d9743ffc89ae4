package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What each option of record and dump changes in what comes out. */
@Timeout(120)
final class RecordOptionsLiveTest {
    private static final String PROGRAM =
            """
            import threading, time

            def leaf():
                n = 0
                while n < 1000:
                    n += 1

            def spin():
                while True:
                    leaf()

            def wait():
                time.sleep(1000)

            threading.Thread(target=wait, name="sleeper", daemon=True).start()
            print("ready")
            spin()
            """;

    @TempDir private Path folder;

    private LivePython target;
    private String pid;

    @BeforeEach
    void startTarget() throws IOException {
        Path module = Files.createDirectories(folder.resolve("src/pack"));
        Files.writeString(module.resolve("__init__.py"), "");
        Path file = module.resolve("app.py");
        Files.writeString(file, PROGRAM);
        target = LivePython.start(Pythons.any().command("-u", file.toString()));
        pid = Integer.toString(target.pid());
    }

    @AfterEach
    void endTarget() {
        if (target != null) {
            target.close();
        }
    }

    @Test
    void framesHaveTheCurrentLineTheFirstOneOrNone() throws Exception {
        assertTrue(record().stream().anyMatch(l -> l.matches(".*leaf \\(pack/app.py:[567]\\) .*")));
        for (String line : record("-F")) {
            assertTrue(line.startsWith("<module> (pack/app.py:1);spin (pack/app.py:8)"), line);
        }
        for (String line : record("--nolineno")) {
            assertTrue(line.startsWith("<module> (pack/app.py);spin (pack/app.py)"), line);
        }
        for (String line : record("--full-filenames", "--nolineno")) {
            assertTrue(line.contains("(" + folder.resolve("src/pack/app.py") + ")"), line);
        }
    }

    @Test
    void threadsAreGroupedNamedAndIdleOnesLeftOut() throws Exception {
        List<String> active = record("-t");
        assertFalse(active.isEmpty());
        for (String line : active) {
            assertTrue(line.startsWith("thread (" + pid + "): MainThread;"), line);
        }
        List<String> all = record("-t", "-i");
        assertTrue(
                all.stream().anyMatch(l -> l.matches("thread \\(\\d+\\): sleeper;.*wait .*")),
                all.toString());
        for (String line : record("-t", "-g", "-i")) {
            assertTrue(line.contains("MainThread"), line);
        }
    }

    @Test
    void filtersKeepThreadsAndStacks() throws Exception {
        for (String line : record("-t", "-i", "--thread-filter", "^sleep")) {
            assertTrue(line.contains("sleeper;"), line);
        }
        for (String line : record("-i", "--function-filter", "wait \\(pack/app")) {
            assertTrue(line.contains("wait (pack/app.py:13)"), line);
        }
        for (String line : record("-i", "--exclude", "^leaf ")) {
            assertFalse(line.contains("leaf"), line);
        }
    }

    @Test
    void pidMayBeHexadecimalAndTheCommandAbbreviated() throws Exception {
        String hex = "0x" + Integer.toHexString(target.pid()).toUpperCase(Locale.ROOT);
        for (String command : List.of("d", "dump")) {
            Jspy jspy = Jspy.run(command, "--pid", hex);
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(jspy.out().startsWith("Process " + pid + ": "), jspy.out());
        }
    }

    @Test
    void severalFormatsAtOnceUnderNamesWithPidAndTime() throws Exception {
        Jspy jspy =
                Jspy.run(
                        "rec",
                        "--pid=" + pid,
                        "-d1.5",
                        "-f",
                        "flamegraph",
                        "-f",
                        "RAW",
                        "-f",
                        "speedscope",
                        "-f",
                        "chrometrace",
                        "-o",
                        folder.resolve("p-%p-%t.svg").toString());
        assertEquals(0, jspy.exitCode(), jspy.err());
        List<String> names = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("p-"))
                    .map(name -> name.replaceFirst("T\\d\\d-\\d\\d-\\d\\d[+-]\\d{4}", "T"))
                    .map(name -> name.replaceFirst("\\d{4}-\\d\\d-\\d\\dT", "TIME"))
                    .sorted()
                    .forEach(names::add);
        }
        String stem = "p-" + pid + "-TIME";
        assertEquals(
                List.of(
                        stem + ".chrometrace.json",
                        stem + ".speedscope.json",
                        stem + ".svg",
                        stem + ".txt"),
                names);
        assertFalse(jspy.err().contains("WARNING"), jspy.err());
    }

    @Test
    void nameOfTheFileIsPidAndTime() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("out"));
        ProcessBuilder command = Jspy.command("record", "-p", pid, "-d", "1");
        Jspy jspy = Jspy.run(command.directory(empty.toFile()));
        assertEquals(0, jspy.exitCode(), jspy.err());
        try (Stream<Path> files = Files.list(empty)) {
            String name = files.findFirst().orElseThrow().getFileName().toString();
            assertTrue(
                    name.matches(
                            pid + "-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d[+-]\\d{4}\\.svg"),
                    name);
        }
    }

    @Test
    void dumpAsJsonHasPySpysFields() throws Exception {
        Jspy jspy = Jspy.run("dump", "-p", pid, "-j");
        assertEquals(0, jspy.exitCode(), jspy.err());
        JsonNode threads = new JsonMapper().readTree(jspy.out());
        assertEquals(2, threads.size());
        JsonNode main = threads.get(0);
        assertEquals(
                List.of(
                        "pid",
                        "thread_id",
                        "thread_name",
                        "os_thread_id",
                        "active",
                        "owns_gil",
                        "frames",
                        "process_info"),
                List.copyOf(main.propertyNames()));
        assertEquals(target.pid(), main.get("os_thread_id").intValue());
        assertEquals("MainThread", main.get("thread_name").asString());
        assertTrue(main.get("active").booleanValue());
        assertFalse(threads.get(1).get("active").booleanValue());
        JsonNode root = main.get("frames").get(main.get("frames").size() - 1);
        assertEquals(
                List.of(
                        "name",
                        "filename",
                        "module",
                        "short_filename",
                        "line",
                        "locals",
                        "is_entry",
                        "is_shim_entry"),
                List.copyOf(root.propertyNames()));
        assertEquals("<module>", root.get("name").asString());
        assertEquals(folder.resolve("src/pack/app.py").toString(), root.get("filename").asString());
        assertEquals("pack/app.py", root.get("short_filename").asString());
        assertEquals(17, root.get("line").intValue());
    }

    // internals

    /** The lines of a raw profile; what could not be proved is left out, as it may lack frames. */
    private List<String> record(String... options) throws Exception {
        ProcessBuilder command =
                Jspy.command("record", "-p", pid, "-d", "1.5", "-f", "raw", "-o", "-");
        command.command().addAll(List.of(options));
        Jspy jspy = Jspy.run(command);
        assertEquals(0, jspy.exitCode(), jspy.err());
        List<String> lines =
                jspy.out()
                        .lines()
                        .filter(line -> !line.matches(".*\\[(torn|truncated).*"))
                        .toList();
        assertFalse(lines.isEmpty(), jspy.err());
        return lines;
    }
}
