package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What completion scripts of all shells say: which words there are, and what follows them. */
final class Completion {
    /** What may follow an option. */
    enum Value {
        NOTHING,
        ANYTHING,
        FILE,
        FORMAT,
        PID
    }

    /** What {@code jspy completions} takes. */
    static final String SHELLS = "bash zsh fish powershell elvish";

    private Completion() {}

    static List<OptionSpec> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden()).toList();
    }

    static List<String> names(OptionSpec option) {
        return List.of(option.names());
    }

    /** All options that such a value follows, in order, with something between them. */
    static String names(Map<String, CommandSpec> commands, Value value, String between) {
        return commands.values().stream()
                .flatMap(command -> options(command).stream())
                .filter(option -> value(option) == value)
                .flatMap(option -> names(option).stream())
                .distinct()
                .sorted()
                .collect(Collectors.joining(between));
    }

    static String description(OptionSpec option) {
        return String.join(" ", option.description());
    }

    static String description(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    /** All words of a command that begin with a dash. */
    static String words(CommandSpec command) {
        return String.join(
                " ", options(command).stream().flatMap(option -> names(option).stream()).toList());
    }

    static Value value(OptionSpec option) {
        if (option.arity().max() == 0) {
            return Value.NOTHING;
        }
        return Stream.of(Value.values())
                .filter(value -> value.name().equals(option.paramLabel()))
                .findFirst()
                .orElse(Value.ANYTHING);
    }

    static String formats() {
        return String.join(
                " ",
                Arrays.stream(Format.values())
                        .map(format -> format.name().toLowerCase(Locale.ROOT))
                        .toList());
    }
}
