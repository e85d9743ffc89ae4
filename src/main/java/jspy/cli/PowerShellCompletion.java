package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;

import java.util.Map;

/** For PowerShell: the words of the command, by what has been typed. */
final class PowerShellCompletion {
    private PowerShellCompletion() {}

    static String script(Map<String, CommandSpec> commands) {
        StringBuilder words = new StringBuilder();
        commands.forEach(
                (name, command) -> {
                    String more =
                            name.equals("completions")
                                    ? Completion.SHELLS + " "
                                    : name.equals("record") ? Completion.formats() + " " : "";
                    words.append(
                            "        '%s' = '%s%s'\n"
                                    .formatted(name, more, Completion.words(command)));
                });
        return """
        Register-ArgumentCompleter -Native -CommandName jspy -ScriptBlock {
            param($word, $line, $cursor)
            $words = @{
        %s    }
            $typed = $line.CommandElements
            $command = if ($typed.Count -gt 1) { "$($typed[1])" } else { '' }
            $fitting = if ($words.ContainsKey($command)) { $words[$command] -split ' ' } else { '%s' -split ' ' }
            $fitting | Where-Object { $_ -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }
        """
                .formatted(words, String.join(" ", commands.keySet()) + " help");
    }
}
