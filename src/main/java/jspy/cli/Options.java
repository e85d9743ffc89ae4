package jspy.cli;

import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;

/** Makes and reads options as jspy has them. */
final class Options {
    private Options() {}

    static OptionSpec help() {
        return OptionSpec.builder("-h", "--help").usageHelp(true).description("this text").build();
    }

    static OptionSpec pid() {
        return value(
                "PID",
                "the process: its id, decimal or hexadecimal (0x…), or what the command line of"
                        + " one Python alone has",
                "-p",
                "--pid");
    }

    /** An option without a value. */
    static OptionSpec flag(String description, String... names) {
        return OptionSpec.builder(names).type(boolean.class).description(description).build();
    }

    /** One that is accepted, but not shown. */
    static OptionSpec hidden(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean.class)
                .description(description)
                .hidden(true)
                .build();
    }

    /** An option with a value. */
    static OptionSpec value(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(String.class)
                .paramLabel(label)
                .description(description)
                .build();
    }

    /** An option with a value that may be given several times. */
    static OptionSpec values(String label, String description, String... names) {
        return OptionSpec.builder(names)
                .type(List.class)
                .auxiliaryTypes(String.class)
                .arity("1")
                .paramLabel(label)
                .description(description)
                .build();
    }

    static boolean has(ParseResult arguments, String flag) {
        return arguments.matchedOptionValue(flag, false);
    }

    /** All values of an option, in order; none when it was not given. */
    static List<String> all(ParseResult arguments, String option) {
        return arguments.matchedOptionValue(option, List.<String>of());
    }

    /** An option without a value that may be given several times. */
    static OptionSpec repeated(String description, String... names) {
        return OptionSpec.builder(names)
                .type(boolean[].class)
                .arity("0")
                .description(description)
                .build();
    }

    /** How often such an option was given. */
    static int count(ParseResult arguments, String option) {
        return arguments.matchedOptionValue(option, new boolean[0]).length;
    }
}
