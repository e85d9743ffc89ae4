package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What is no command line is said in one line, with exit code 2; no target is needed for that. */
final class UsageTest {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void catchOutput() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restoreOutput() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "record | record needs --pid PID, or a program",
                "record -p 1 -- python3 x.py | record takes --pid or a program, not both",
                "record -p abc | --pid takes a process id, not 'abc'",
                "record -p 0x | --pid takes a process id, not '0x'",
                "record -p 0 | --pid takes a process id, not '0'",
                "record -p -5 | --pid takes a process id, not '-5'",
                "record -p 99999999999 | --pid takes a process id, not '99999999999'",
                "record -p 1 -r 0 | --rate takes samples a second",
                "record -p 1 -r -1 | --rate takes samples a second",
                "record -p 1 -r abc | not 'abc'",
                "record -p 1 -r 1e3 | not '1e3'",
                "record -p 1 -r NaN | not 'NaN'",
                "record -p 1 -r 1000001 | at most 1000000",
                "record -p 1 -d 0 | --duration takes seconds",
                "record -p 1 -d -1 | --duration takes seconds",
                "record -p 1 -d ten | not 'ten'",
                "record -p 1 -f svg | --format takes flamegraph, raw, speedscope, chrometrace",
                "record -p 1 -F --nolineno | --function and --nolineno cannot be used together",
                "record -p 1 --kill | --kill ends a program that jspy starts",
                "record -p 1 --exclude ( | --exclude takes a regular expression, not '('",
                "record -p 1 -f raw -f speedscope -o - | only one format fits",
                "record -p 1 -f raw -f raw -o x | two formats would go to one file",
                "record -p 1 -f raw -o a -o b | there are 2 --output for 1 --format",
                "record -p 1 -p 2 | should be specified only once",
                "record -p | Missing required parameter for option '--pid'",
                "record -p 1 --nosuch | Unknown option: '--nosuch'",
                "dump | dump needs --pid PID",
                "dump 1 | there is one argument too many: '1'; jspy dump --pid takes a process",
                "list x | there is one argument too many: 'x'; jspy list --help",
                "doctor | doctor needs a process",
                "record -p 1 -o= | --output takes the name of a file",
                "dump -p x1 | not 'x1'",
                "nosuch | there is no command 'nosuch'",
                "completions | completions needs the name of a shell: bash, zsh, fish",
                "completions tcsh | completions knows bash, zsh, fish, powershell, elvish, not"
                        + " 'tcsh'",
                "'' | '' may be",
            })
    void isOneLineAndExitCode2(String line, String message) {
        assertEquals(2, Main.run(line.isEmpty() ? new String[] {""} : line.split(" ")));
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("jspy: "), said);
        assertTrue(said.contains(message), said);
        assertEquals(1, said.lines().count(), said);
        assertEquals("", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void withoutArgumentsTheHelpGoesToStandardError() {
        assertEquals(2, Main.run(new String[0]));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("Usage: jspy COMMAND"));
        assertEquals(0, out.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "-h",
                "help",
                "record --help",
                "rec -h",
                "r --help",
                "help record",
                "dump --help",
                "he",
                "help --help",
                "top -h",
                "list -h",
                "doctor -h",
                "ctl -h",
                "d -h",
                "help dump",
                "completions --help",
            })
    void helpFitsInto80Columns(String line) {
        assertEquals(0, Main.run(line.split(" ")), err.toString(StandardCharsets.UTF_8));
        String help = out.toString(StandardCharsets.UTF_8);
        assertTrue(help.contains("Usage: jspy "), help);
        help.lines().forEach(l -> assertTrue(l.length() <= 80, l));
        assertTrue(help.lines().noneMatch(l -> l.endsWith(" ")), help);
        assertEquals(0, err.size());
    }

    @Test
    void versionIsPrinted() {
        for (String option : new String[] {"-V", "--version"}) {
            out.reset();
            assertEquals(0, Main.run(new String[] {option}));
            assertTrue(out.toString(StandardCharsets.UTF_8).matches("jspy \\S+\\R"));
        }
    }
}
