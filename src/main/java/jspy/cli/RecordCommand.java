package jspy.cli;

import jspy.output.OutputException;
import jspy.output.OutputFile;
import jspy.process.AttachException;
import jspy.process.LaunchedProgram;
import jspy.process.ProcFiles;
import jspy.profile.Profile;
import jspy.sample.Attachment;
import jspy.sample.Recording;
import jspy.sample.Sampler;
import jspy.sample.ThreadFilter;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code jspy record}: samples a process into a file. */
final class RecordCommand implements Command {
    private static final long PROGRESS_MILLIS = 250;

    /** How long a program that was started only to be recorded gets to end when it cannot be. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description("Records a profile of a running process, or of a program it starts.");
        spec.addOption(
                Options.value("PID", "the process, decimal or hexadecimal (0x…)", "-p", "--pid"));
        spec.addOption(
                Options.value(
                        "FILE", "where the profile goes; - is standard output", "-o", "--output"));
        spec.addOption(
                Options.value(
                        "FORMAT", "flamegraph (default), speedscope or raw", "-f", "--format"));
        spec.addOption(
                Options.value(
                        "SECONDS",
                        "how long, by the clock (default: until stopped)",
                        "-d",
                        "--duration"));
        spec.addOption(Options.value("HZ", "samples a second (default: 100)", "-r", "--rate"));
        spec.addOption(Options.flag("a frame of its own for every thread", "-t", "--threads"));
        spec.addOption(Options.flag("child processes too", "-s", "--subprocesses"));
        spec.addOption(Options.flag("one frame a function, at its first line", "-F", "--function"));
        spec.addOption(Options.flag("no line numbers", "--nolineno"));
        spec.addOption(Options.flag("whole file names", "--full-filenames"));
        spec.addOption(Options.flag("idle threads too", "-i", "--idle"));
        spec.addOption(Options.flag("only the thread that holds the GIL", "-g", "--gil"));
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
                        .description("a program to start and record, with its arguments")
                        .build());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        RecordRequest request = RecordRequest.of(arguments);
        OutputFile file = outputFile(request);
        LaunchedProgram program = request.pid() != 0 ? null : start(request.program());
        Attachment attachment = attach(request, program);
        try (StopOnSignal signal = new StopOnSignal()) {
            Profile profile = record(request, attachment, signal);
            write(profile, request, file);
            int exitCode = exitCode(program, signal);
            signal.exitWith(exitCode);
            return exitCode;
        }
    }

    // internals

    private static OutputFile outputFile(RecordRequest request) throws CommandException {
        try {
            return request.output().equals("-") ? null : OutputFile.at(Path.of(request.output()));
        } catch (OutputException | InvalidPathException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    private static LaunchedProgram start(List<String> command) throws CommandException {
        try {
            return LaunchedProgram.start(ProcFiles.system(), command);
        } catch (AttachException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    private static Attachment attach(RecordRequest request, LaunchedProgram program)
            throws CommandException, InterruptedException {
        if (program == null) {
            return Attaching.attach(request.pid());
        }
        try {
            return Attaching.attach(program.target());
        } catch (AttachException e) {
            program.terminate(GRACE);
            throw CommandException.failed(e.getMessage());
        } catch (CommandException e) {
            program.terminate(GRACE);
            throw e;
        }
    }

    private static Profile record(RecordRequest request, Attachment attachment, StopOnSignal signal)
            throws CommandException, InterruptedException {
        int pid = attachment.process().pid();
        say(
                "sampling process %d (CPython %s) %s times a second; Ctrl-C ends it"
                        .formatted(
                                pid,
                                attachment.runtime().version(),
                                plain(request.recording().rateHz())));
        Recording recording;
        try {
            recording = Recording.start(attachment, request.recording());
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot read the threads of process %d: %s; it may have ended"
                            .formatted(pid, e.getMessage()));
        }
        signal.stops(recording);
        Progress progress = new Progress(request.recording().durationNanos());
        while (!recording.await(PROGRESS_MILLIS)) {
            progress.show(recording);
        }
        progress.clear();
        Profile profile = recording.profile(notes(attachment, request));
        if (recording.end() == Sampler.End.TARGET_ENDED) {
            say("process %d ended".formatted(pid));
        } else if (recording.end() == Sampler.End.UNREADABLE) {
            say("process %d cannot be read any more".formatted(pid));
        }
        if (profile.accuracy().stacks() == 0) {
            say(
                    request.recording().filter() == ThreadFilter.ALL
                            ? "nothing was seen: no thread ran Python code"
                            : "nothing was seen: no thread was active; --idle shows those that"
                                    + " wait");
        }
        return profile;
    }

    private static List<String> notes(Attachment attachment, RecordRequest request) {
        List<String> notes = new ArrayList<>();
        if (request.recording().nonblocking()) {
            notes.add("--nonblocking: stacks are certain only where two readings agree");
        } else if (!attachment.proof().isAvailable()) {
            notes.add("stacks are not proved: " + attachment.proof().describe());
        }
        notes.forEach(RecordCommand::say);
        return notes;
    }

    /**
     * The program's own exit code; one that goes on is waited for, unless a signal ended the
     * recording.
     */
    private static int exitCode(LaunchedProgram program, StopOnSignal signal)
            throws InterruptedException {
        if (program == null) {
            return 0;
        }
        if (program.isAlive() && signal.came()) {
            program.waitForExit(GRACE);
            return program.exitCode().orElse(0);
        }
        if (program.isAlive() && !program.waitForExit(Duration.ofMillis(100))) {
            say("the program goes on; Ctrl-C ends it");
        }
        return program.waitForExit();
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static void write(Profile profile, RecordRequest request, OutputFile file)
            throws CommandException {
        try {
            if (file == null) {
                OutputStream out = new BufferedOutputStream(System.out);
                request.format().writer().write(profile, out);
                out.flush();
            } else {
                file.write(request.format().writer(), profile);
                String hint = request.format().hint();
                say(
                        "wrote the %s to %s%s"
                                .formatted(
                                        request.format().title(),
                                        file.path(),
                                        hint.isEmpty() ? "" : "; " + hint));
            }
            say(profile.accuracy().summary());
        } catch (OutputException e) {
            throw CommandException.failed(e.getMessage());
        } catch (IOException e) {
            throw CommandException.failed("cannot write to standard output: " + e.getMessage());
        }
    }

    private static void say(String line) {
        System.err.println("jspy: " + line);
    }
}
