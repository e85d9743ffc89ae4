package jspy.cli;

import static jspy.cli.Messages.say;

import jspy.profile.Profile;
import jspy.sample.Attachment;
import jspy.sample.ReadMode;
import jspy.sample.Recording;
import jspy.sample.Sampler;
import jspy.sample.ThreadFilter;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code jspy record}: samples a process into a file. */
final class RecordCommand implements Command {
    private static final long PROGRESS_MILLIS = 250;

    @Override
    public CommandSpec spec() {
        return RecordOptions.spec();
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        RecordRequest request = RecordRequest.of(arguments);
        // Before anything is started: a profile that nobody can write is not recorded.
        RecordFiles files = new RecordFiles(request.outputs().open(request.pid()));
        try (StopOnSignal signal = new StopOnSignal()) {
            int exitCode;
            try {
                exitCode = record(request, files, signal);
            } catch (CommandException e) {
                say(e.getMessage());
                exitCode = e.exitCode();
            }
            signal.exitWith(exitCode);
            return exitCode;
        }
    }

    // internals

    private static int record(RecordRequest request, RecordFiles files, StopOnSignal signal)
            throws CommandException, InterruptedException {
        FlushSignal flush = FlushSignal.listen();
        if (request.pid() != 0) {
            signal.before(files::abandon);
            Attachment attachment =
                    Attaching.attach(request.pid(), request.recording().subprocesses());
            return files.write(record(request, attachment, files, signal, flush));
        }
        Path output = request.capture() ? Launch.outputFile("jspy-record-") : null;
        Launch launch =
                Launch.start(
                        request.program(), request.kill(), request.recording().traces(), output);
        signal.passesOnTo(launch.program());
        RecordFiles named = new RecordFiles(request.outputs().open(launch.program().pid()));
        signal.before(named::abandon);
        Profile profile;
        try {
            profile =
                    record(
                            request,
                            launch.attach(request.recording().subprocesses()),
                            named,
                            signal,
                            flush);
        } catch (CommandException e) {
            throw launch.notRecorded(e);
        }
        int written = named.write(profile);
        if (output != null) {
            say(Launch.printedInto(output));
        }
        int exitCode = launch.exitCode(signal);
        return written == 0 ? exitCode : written;
    }

    private static Profile record(
            RecordRequest request,
            Attachment attachment,
            RecordFiles files,
            StopOnSignal signal,
            FlushSignal flush)
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
        List<String> notes = notes(attachment, request);
        Progress progress =
                new Progress(request.recording().durationNanos(), !request.hideProgress());
        while (!recording.await(PROGRESS_MILLIS)) {
            if (flush.wanted()) {
                progress.clear();
                files.writeSoFar(recording, notes, profile -> shaped(profile, request));
            }
            progress.show(recording);
        }
        progress.clear();
        Profile profile = recording.profile(notes);
        if (recording.end() == Sampler.End.TARGET_ENDED) {
            say("process %d ended".formatted(pid));
        } else if (recording.end() == Sampler.End.UNREADABLE) {
            say("process %d cannot be read any more".formatted(pid));
        }
        if (profile.accuracy().stacks() == 0) {
            say(nothingSeen(profile, request));
            return profile;
        }
        return shaped(profile, request);
    }

    private static String nothingSeen(Profile profile, RecordRequest request) {
        if (profile.accuracy().samples() == 0) {
            return "nothing was seen: there was no time for a sample";
        }
        return request.recording().filter() == ThreadFilter.ALL
                ? "nothing was seen: no thread ran Python code"
                : "nothing was seen: no thread was active; --idle shows those that wait";
    }

    private static Profile shaped(Profile recorded, RecordRequest request) {
        Profile profile = request.mergeProcesses() ? recorded.mergingProcesses() : recorded;
        Profile kept = request.filter().apply(profile);
        if (kept != profile) {
            say(kept.notes().getLast());
        }
        return kept;
    }

    private static List<String> notes(Attachment attachment, RecordRequest request) {
        List<String> notes = new ArrayList<>();
        if (request.recording().mode() == ReadMode.UNPROVED) {
            notes.add("--nonblocking: stacks are certain only where two readings agree");
        } else if (!attachment.proof().isAvailable()) {
            notes.add("stacks are not proved: " + attachment.proof().describe());
        }
        notes.forEach(Messages::say);
        return notes;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
