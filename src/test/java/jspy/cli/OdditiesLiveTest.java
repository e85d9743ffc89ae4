package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names of 100,000 characters, lines beyond a million and line tables of 100 KB in every format.
 */
@Timeout(120)
final class OdditiesLiveTest {
    /** Of names that are cut, and of everything around them. */
    private static final int MAX_LINE_CHARS = 6_000;

    @TempDir private Path folder;

    /** One of each way in which CPython keeps line numbers. */
    static List<Python> pythons() {
        List<Python> chosen = new ArrayList<>();
        for (int minor : List.of(9, 13)) {
            Python.from(9).stream()
                    .filter(python -> python.minor() == minor && !python.isFreeThreaded())
                    .findFirst()
                    .ifPresent(chosen::add);
        }
        return chosen;
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void namesAreCutAndLinesAreRight(Python python) throws Exception {
        Program program = Program.named("oddities");
        try (LivePython target = program.start(python)) {
            String pid = Integer.toString(target.pid());
            Path stem = folder.resolve("x");
            List<String> command = new ArrayList<>(List.of("record", "-d", "1", "-p", pid));
            for (String format : List.of("raw", "flamegraph", "speedscope", "chrometrace")) {
                command.addAll(List.of("-f", format));
            }
            command.addAll(List.of("-o", stem.toString()));
            List<String> lines = List.of();
            for (int i = 0; i < 10 && lines.isEmpty(); i++) {
                Jspy jspy = Jspy.run(command.toArray(String[]::new));
                assertEquals(0, jspy.exitCode(), jspy.err());
                lines = Files.readAllLines(folder.resolve("x.txt"));
            }
            assertTrue(!lines.isEmpty(), "ten recordings without a sample");
            for (String line : lines) {
                assertTrue(line.length() < MAX_LINE_CHARS, () -> line.length() + " characters");
                String shortened = line.replaceAll("n{100,}", "N").replaceAll("f{100,}", "F");
                assertTrue(
                        shortened.matches(
                                "<module> \\(oddities.py:%d\\);N…".formatted(program.line("call"))
                                        + "(;(far \\(far.py:1000002\\)|wide"
                                        + " \\(wide.py:([2-9]|[1-9]\\d{1,4})\\)))? \\d+"),
                        shortened);
            }
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    assertTrue(Files.size(file) < 1 << 20, () -> file + " is large");
                }
            }
            Jspy dump = Jspy.run("dump", "-p", pid, "-l");
            assertEquals(0, dump.exitCode(), dump.err());
            assertTrue(
                    dump.out().contains("\"a\\x1b[2J\\u202eb\""),
                    "a name reaches the terminal's controls");
            dump.out().lines().forEach(l -> assertTrue(l.length() < MAX_LINE_CHARS));
        }
    }
}
