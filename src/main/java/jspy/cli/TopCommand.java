package jspy.cli;

import jspy.process.AttachException;
import jspy.process.LaunchedProgram;
import jspy.process.ProcFiles;
import jspy.sample.Attachment;
import jspy.sample.LineStyle;
import jspy.sample.Recording;
import jspy.sample.Sampler;
import jspy.sample.ThreadFilter;
import jspy.top.Top;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code jspy top}: shows what a process is doing, again and again. */
final class TopCommand implements Command {
    /** How long a program that was started only to be looked at gets to end. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "Shows which functions a process is in, like top; ? shows the keys.");
        spec.addOption(
                Options.value("PID", "the process, decimal or hexadecimal (0x…)", "-p", "--pid"));
        spec.addOption(Options.value("HZ", "samples a second (default: 100)", "-r", "--rate"));
        spec.addOption(
                Options.value("SECONDS", "between two tables (default: 1)", "--delay"));
        spec.addOption(
                Options.value(
                        "SECONDS",
                        "how long, by the clock (default: until q)",
                        "-d",
                        "--duration"));
        spec.addOption(Options.flag("child processes too", "-s", "--subprocesses"));
        spec.addOption(Options.flag("idle threads too", "-i", "--idle"));
        spec.addOption(Options.flag("only the thread that holds the GIL", "-g", "--gil"));
        spec.addOption(Options.flag("whole file names", "--full-filenames"));
        spec.addOption(
                Options.flag(
                        "read from another core: no waiting for the target, no proof",
                        "--nonblocking"));
        spec.addOption(Options.help());
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0..*")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel("PROGRAM")
                        .description(
                                "a program to start and look at, with its arguments; what it"
                                        + " prints goes to a file")
                        .build());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        TopRequest request = TopRequest.of(arguments);
        try (StopOnSignal signal = new StopOnSignal()) {
            QuietProgram program = request.pid() != 0 ? null : QuietProgram.start(request.program());
            Attachment attachment =
                    program == null ? Attaching.attach(request.pid()) : program.attach();
            Recording recording = start(attachment, request);
            signal.stops(recording);
            show(attachment, recording, request);
            int exitCode = program == null ? 0 : program.end();
            signal.exitWith(exitCode);
            return exitCode;
        }
    }
}
