package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;

import java.util.Map;

/** For elvish: one function, which puts all words that may come; elvish keeps those that fit. */
final class ElvishCompletion {
    private ElvishCompletion() {}

    static String script(Map<String, CommandSpec> commands) {
        StringBuilder options = new StringBuilder();
        commands.forEach(
                (name, command) ->
                        options.append(
                                "        &%s=[%s]\n"
                                        .formatted(
                                                name,
                                                name.equals("completions")
                                                        ? Completion.SHELLS
                                                        : Completion.words(command))));
        return """
        set edit:completion:arg-completer[jspy] = {|@words|
            var options = [
        %s    ]
            var command = $words[1]
            var before = $words[-2]
            if (== (count $words) 2) {
                put %s help
            } elif (has-value [%s] $before) {
                edit:complete-filename $words[-1]
            } elif (has-value [%s] $before) {
                put %s
            } elif (has-value [%s] $before) {
                try { pgrep python } catch none { nop }
            } elif (has-key $options $command) {
                all $options[$command]
                if (eq $command record) { edit:complete-filename $words[-1] }
            }
        }
        """
                .formatted(
                        options,
                        String.join(" ", commands.keySet()),
                        Completion.names(commands, Completion.Value.FILE, " "),
                        Completion.names(commands, Completion.Value.FORMAT, " "),
                        Completion.formats(),
                        Completion.names(commands, Completion.Value.PID, " "));
    }
}
