package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/** The options of {@code jspy record}: py-spy's names and defaults, and some more. */
final class RecordOptions {
    private RecordOptions() {}

    static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("Records a profile of a running process, or of a program it starts.");
        spec.usageMessage()
                .customSynopsis(
                        "jspy record [OPTIONS] --pid PID",
                        "       jspy record [OPTIONS] [--] PROGRAM [ARGUMENT...]");
        spec.usageMessage()
                .footer(
                        "",
                        "In FILE, %%p is the process id and %%t the time. A filter takes a regular"
                                + " expression and may be repeated; it looks at NAME (FILE:LINE).");
        addTarget(spec);
        addOutput(spec);
        addSampling(spec);
        addFrames(spec);
        addFilters(spec);
        spec.addOption(Options.help());
        return spec;
    }

    // internals

    private static void addTarget(CommandSpec spec) {
        spec.addOption(Options.pid());
        spec.addOption(Options.flag("child processes too", "-s", "--subprocesses"));
        spec.addOption(
                Options.flag(
                        "with -s: no frame for each process, the same stacks of all become one",
                        "--merge-processes"));
        spec.addOption(Options.flag("end PROGRAM with the recording", "--kill"));
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0..*")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel("PROGRAM")
                        .description("a program to start and record, with its arguments")
                        .build());
    }

    private static void addOutput(CommandSpec spec) {
        spec.addOption(
                Options.values(
                        "FILE",
                        "where the profile goes; - is standard output (default: PID-TIME.svg)",
                        "-o",
                        "--output"));
        spec.addOption(
                Options.values(
                        "FORMAT",
                        "flamegraph (default), raw, speedscope, chrometrace; repeat for several",
                        "-f",
                        "--format"));
        spec.addOption(Options.hidden("no progress line", "--hideprogress"));
        spec.addOption(Options.hidden("PROGRAM prints into a file, without input", "--capture"));
    }

    private static void addSampling(CommandSpec spec) {
        spec.addOption(
                Options.value(
                        "SECONDS",
                        "how long, by the clock (default: until stopped)",
                        "-d",
                        "--duration"));
        spec.addOption(Options.value("HZ", "samples a second (default: 100)", "-r", "--rate"));
        spec.addOption(Options.flag("idle threads too", "-i", "--idle"));
        spec.addOption(Options.flag("only the thread that holds the GIL", "-g", "--gil"));
        NativeOptions.addTo(spec);
        ReadingOptions.addTo(spec);
    }

    private static void addFrames(CommandSpec spec) {
        spec.addOption(Options.flag("a frame of its own for every thread", "-t", "--threads"));
        spec.addOption(Options.flag("one frame a function, at its first line", "-F", "--function"));
        spec.addOption(Options.flag("no line numbers", "--nolineno"));
        spec.addOption(
                Options.flag("whole file names, not from the package on", "--full-filenames"));
    }

    private static void addFilters(CommandSpec spec) {
        spec.addOption(Options.values("REGEX", "only threads with this name", "--thread-filter"));
        spec.addOption(
                Options.values(
                        "REGEX", "only stacks with this function or file", "--function-filter"));
        spec.addOption(
                Options.values("REGEX", "no stacks with this function or file", "--exclude"));
    }
}
