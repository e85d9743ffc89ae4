package jspy.cli;

import static jspy.cli.Messages.say;

import jspy.sample.Attachment;
import jspy.sample.Recording;
import jspy.sample.Sampler;
import jspy.top.Top;
import jspy.top.TopTerminal;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** {@code jspy top}: shows what a process is doing, again and again. */
final class TopCommand implements Command {
    @Override
    public CommandSpec spec() {
        return TopOptions.spec();
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        TopRequest request = TopRequest.of(arguments);
        try (StopOnSignal signal = new StopOnSignal()) {
            int exitCode;
            try {
                exitCode = run(request, signal);
            } catch (CommandException e) {
                say(e.getMessage());
                exitCode = e.exitCode();
            }
            signal.exitWith(exitCode);
            return exitCode;
        }
    }

    // internals

    private static int run(TopRequest request, StopOnSignal signal)
            throws CommandException, InterruptedException {
        // Before all that takes its time: keys that come early are keys, too.
        FutureTask<TopTerminal> opening = new FutureTask<>(TopCommand::openOrNull);
        signal.before(() -> close(opening));
        try (TopTerminal terminal = opened(opening)) {
            return run(request, terminal, signal, FlushSignal.listen());
        }
    }

    private static int run(
            TopRequest request, TopTerminal terminal, StopOnSignal signal, FlushSignal flush)
            throws CommandException, InterruptedException {
        if (request.pid() != 0) {
            watch(
                    request,
                    Attaching.attach(request.pid(), request.recording().subprocesses()),
                    terminal,
                    signal,
                    flush);
            return 0;
        }
        Path output = terminal != null ? Launch.outputFile("jspy-top-") : null;
        Launch launch = Launch.start(request.program(), true, request.recording().traces(), output);
        signal.passesOnTo(launch.program());
        try {
            watch(
                    request,
                    launch.attach(request.recording().subprocesses()),
                    terminal,
                    signal,
                    flush);
        } catch (CommandException e) {
            throw launch.notRecorded(e);
        }
        if (output != null) {
            say(Launch.printedInto(output));
        }
        return launch.exitCode(signal);
    }

    private static void watch(
            TopRequest request,
            Attachment attachment,
            TopTerminal terminal,
            StopOnSignal signal,
            FlushSignal flush)
            throws CommandException, InterruptedException {
        int pid = attachment.process().pid();
        Recording recording;
        try {
            recording = Recording.start(attachment, request.recording());
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot read the threads of process %d: %s; it may have ended"
                            .formatted(pid, e.getMessage()));
        }
        signal.stops(recording);
        Top top =
                new Top(
                        new RecordingSource(attachment, recording, flush),
                        new Top.Options(
                                request.periodMillis(),
                                Colors.ofOutput() == Colors.ON,
                                request.activeKnown()));
        if (terminal != null) {
            top.show(terminal);
            terminal.close();
        } else {
            top.print(System.out);
        }
        Sampler.End end = recording.end();
        if (end != null && end != Sampler.End.STOPPED) {
            // What the screen showed is gone with it.
            top.printLast(System.out);
        }
        if (end == Sampler.End.TARGET_ENDED || end == Sampler.End.UNREADABLE) {
            say("process %d ended".formatted(pid));
        }
        recording.stop();
        recording.await(0);
        say(recording.profile(List.of()).accuracy().summary());
    }

    private static TopTerminal opened(FutureTask<TopTerminal> opening) throws InterruptedException {
        opening.run();
        try {
            return opening.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** A signal may come while the terminal is being taken: then it is given back afterwards. */
    private static void close(FutureTask<TopTerminal> opening) {
        try {
            TopTerminal terminal = opening.get();
            if (terminal != null) {
                terminal.close();
            }
        } catch (InterruptedException | ExecutionException notTaken) {
            // nothing is to be given back
        }
    }

    private static TopTerminal openOrNull() {
        try {
            return isScreen() ? TopTerminal.open() : null;
        } catch (IOException noTerminal) {
            return null;
        }
    }

    private static boolean isScreen() {
        return Terminal.is(Terminal.OUT) && !"dumb".equals(System.getenv("TERM"));
    }
}
