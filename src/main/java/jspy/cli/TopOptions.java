package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/** The options of {@code jspy top}: py-spy's names and defaults, and {@code --duration}. */
final class TopOptions {
    private TopOptions() {}

    static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("Shows which functions a process is in, again and again, like top.");
        spec.usageMessage()
                .customSynopsis(
                        "jspy top [OPTIONS] --pid PID",
                        "       jspy top [OPTIONS] [--] PROGRAM [ARGUMENT...]");
        spec.usageMessage()
                .footer(
                        "",
                        "The key ? shows all keys, q ends it. Where standard output is no terminal,"
                                + " a short table is printed every time.");
        spec.addOption(Options.pid());
        spec.addOption(Options.flag("child processes too", "-s", "--subprocesses"));
        spec.addOption(Options.value("HZ", "samples a second (default: 100)", "-r", "--rate"));
        spec.addOption(Options.value("SECONDS", "between two tables (default: 1)", "--delay"));
        spec.addOption(
                Options.value(
                        "SECONDS",
                        "how long, by the clock (default: until q)",
                        "-d",
                        "--duration"));
        spec.addOption(Options.flag("idle threads too", "-i", "--idle"));
        spec.addOption(Options.flag("only the thread that holds the GIL", "-g", "--gil"));
        NativeOptions.addTo(spec);
        ReadingOptions.addTo(spec);
        spec.addOption(
                Options.flag("whole file names, not from the package on", "--full-filenames"));
        spec.addOption(Options.help());
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0..*")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel("PROGRAM")
                        .description(
                                "a program to start and look at, with its arguments; it ends with"
                                        + " jspy, and what it prints goes to a file")
                        .build());
        return spec;
    }
}
