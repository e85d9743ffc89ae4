package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.Map;

/** For zsh: {@code _arguments} for each command. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String script(Map<String, CommandSpec> commands) {
        StringBuilder names = new StringBuilder();
        StringBuilder cases = new StringBuilder();
        commands.forEach(
                (name, command) -> {
                    names.append(
                            "    '%s:%s'\n"
                                    .formatted(name, escaped(Completion.description(command))));
                    cases.append("    %s) _arguments -s -S".formatted(name));
                    for (OptionSpec option : Completion.options(command)) {
                        cases.append(" \\\n      ").append(argument(option));
                    }
                    cases.append(" \\\n      ").append(rest(name)).append(" ;;\n");
                });
        return """
        #compdef jspy
        _jspy() {
          local -a commands
          commands=(
        %s  )
          if (( CURRENT == 2 )); then
            _describe command commands
            return
          fi
          local command=$words[2]
          shift words
          (( CURRENT-- ))
          case $command in
        %s  esac
        }
        if [ "$funcstack[1]" = _jspy ]; then
          _jspy "$@"
        else
          compdef _jspy jspy
        fi
        """
                .formatted(names, cases);
    }

    // internals

    /** Both names of an option that may be repeated, or the one it has. */
    private static String argument(OptionSpec option) {
        String text = "[" + escaped(Completion.description(option)) + "]" + value(option);
        String[] names = option.names();
        if (names.length == 1) {
            return "'*" + names[0] + text + "'";
        }
        return "'*'{" + String.join(",", names) + "}'" + text + "'";
    }

    private static String value(OptionSpec option) {
        return switch (Completion.value(option)) {
            case NOTHING -> "";
            case ANYTHING -> ":value:";
            case FILE -> ":file:_files";
            case FORMAT -> ":format:(" + Completion.formats() + ")";
            case PID -> ":process:_pids";
        };
    }

    private static String rest(String command) {
        return switch (command) {
            case "record" -> "'*:: :_normal'";
            case "completions" -> "'1:shell:(" + Completion.SHELLS + ")'";
            default -> "'*: :'";
        };
    }

    private static String escaped(String text) {
        return text.replace("'", "'\\''")
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
    }
}
