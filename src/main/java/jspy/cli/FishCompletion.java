package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.Map;

/** For fish: a line for each word. */
final class FishCompletion {
    private FishCompletion() {}

    static String script(Map<String, CommandSpec> commands) {
        StringBuilder script = new StringBuilder();
        commands.forEach(
                (name, command) ->
                        script.append("complete -c jspy -n __fish_use_subcommand -f -a ")
                                .append(name)
                                .append(" -d ")
                                .append(quoted(Completion.description(command)))
                                .append('\n'));
        commands.forEach(
                (name, command) -> {
                    for (OptionSpec option : Completion.options(command)) {
                        append(script, name, option);
                    }
                });
        script.append("complete -c jspy -n '__fish_seen_subcommand_from completions' -f")
                .append(" -a '" + Completion.SHELLS + "'\n");
        return script.toString();
    }

    // internals

    private static void append(StringBuilder script, String command, OptionSpec option) {
        script.append("complete -c jspy -n '__fish_seen_subcommand_from ")
                .append(command)
                .append('\'');
        for (String name : option.names()) {
            boolean isLong = name.startsWith("--");
            script.append(isLong ? " -l " : " -s ").append(name.replaceFirst("^-+", ""));
        }
        script.append(
                switch (Completion.value(option)) {
                    case NOTHING -> "";
                    case ANYTHING -> " -x";
                    case FILE -> " -r -F";
                    case FORMAT -> " -x -a '" + Completion.formats() + "'";
                    case PID -> " -x -a '(__fish_complete_pids)'";
                });
        script.append(" -d ").append(quoted(Completion.description(option))).append('\n');
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
