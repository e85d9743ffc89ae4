package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine.Model.CommandSpec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Completion scripts, run by the shells that are there. */
final class CompletionTest {
    private final Map<String, CommandSpec> commands = Main.specs();

    @TempDir private Path folder;

    @Test
    void bashCompletesCommandsOptionsAndFormats() throws Exception {
        assertEquals("record", bash("jspy re"));
        assertEquals("--nonblocking --nolineno", bash("jspy record --no"));
        assertEquals("speedscope", bash("jspy record --pid 1 -f s"));
        assertEquals("zsh", bash("jspy completions z"));
        assertEquals("", bash("jspy record -o x"));
    }

    @Test
    void fishCompletesCommandsOptionsAndFormats() throws Exception {
        Path script = script("fish", FishCompletion.script(commands));
        String source = "source " + script + "; complete -C ";
        assertTrue(run("fish", "-c", source + "'jspy re'").startsWith("record\t"));
        assertTrue(run("fish", "-c", source + "'jspy record --nol'").startsWith("--nolineno\t"));
        assertTrue(run("fish", "-c", source + "'jspy record -f sp'").startsWith("speedscope"));
    }

    @Test
    void zshTakesTheScript() throws Exception {
        Path script = script("zsh", ZshCompletion.script(commands));
        String load = "autoload -Uz compinit; compinit -D; source " + script;
        assertEquals("_jspy", run("zsh", "-fc", load + "; echo $_comps[jspy]").strip());
    }

    /** The editor, which only an elvish on a terminal has, is a stand-in here. */
    @Test
    void elvishCompletesCommandsOptionsAndFormats() throws Exception {
        String editor =
                "var edit: = (ns [&completion:=(ns [&arg-completer=[&]])"
                        + " &complete-filename~={|word| put a-file}])\n";
        Path script = script("elvish", editor + ElvishCompletion.script(commands));
        String text = Files.readString(script);
        assertTrue(elvish(text, "jspy re").lines().anyMatch("record"::equals));
        assertTrue(elvish(text, "jspy record --nol").lines().anyMatch("--nolineno"::equals));
        assertEquals("a-file\n", elvish(text, "jspy record -o x"));
        assertEquals(
                Completion.formats().replace(" ", "\n") + "\n", elvish(text, "jspy record -f s"));
        assertTrue(elvish(text, "jspy completions e").lines().anyMatch("elvish"::equals));
    }

    @Test
    void everyOptionIsInEveryScript() {
        for (String script :
                new String[] {
                    BashCompletion.script(commands),
                    ZshCompletion.script(commands),
                    PowerShellCompletion.script(commands),
                    ElvishCompletion.script(commands),
                }) {
            for (CommandSpec command : commands.values()) {
                Completion.options(command).stream()
                        .flatMap(option -> Completion.names(option).stream())
                        .forEach(name -> assertTrue(script.contains(name), name));
            }
        }
    }

    // internals

    private String bash(String line) throws Exception {
        Path script = script("bash", BashCompletion.script(commands));
        String run =
                "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _jspy; echo \"${COMPREPLY[@]}\""
                        .formatted(script, line, line.split(" ").length - 1);
        return run("bash", "--norc", "-c", run).strip();
    }

    private String elvish(String script, String line) throws Exception {
        Path file = folder.resolve("line.elv");
        Files.writeString(
                file, script + "$edit:completion:arg-completer[jspy] " + line + " | to-lines\n");
        return run("elvish", "-norc", file.toString());
    }

    private Path script(String shell, String text) throws IOException {
        boolean found =
                Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, shell)));
        Assumptions.assumeTrue(found, "skipped: no " + shell + " on this machine");
        return Files.writeString(folder.resolve("script"), text);
    }

    private String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("HOME", folder.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), text);
        return text;
    }
}
