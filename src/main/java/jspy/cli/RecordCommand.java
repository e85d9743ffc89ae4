package jspy.cli;

import static jspy.cli.Messages.say;

import jspy.profile.Profile;
import jspy.profile.StackFilter;
import jspy.sample.Attachment;
import jspy.sample.ReadMode;
import jspy.sample.Recording;
import jspy.sample.Sampler;
import jspy.sample.ThreadFilter;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
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
        List<Destination> destinations = request.outputs().open(request.pid());
        try (StopOnSignal signal = new StopOnSignal()) {
            int exitCode;
            try {
                exitCode = record(request, destinations, signal);
            } catch (CommandException e) {
                say(e.getMessage());
                exitCode = e.exitCode();
            }
            signal.exitWith(exitCode);
            return exitCode;
        }
    }

    // internals

    private static int record(
            RecordRequest request, List<Destination> destinations, StopOnSignal signal)
            throws CommandException, InterruptedException {
        if (request.pid() != 0) {
            Attachment attachment = Attaching.attach(request.pid());
            return write(record(request, attachment, signal), destinations);
        }
        Launch launch =
                Launch.start(request.program(), request.kill(), request.recording().traces());
        signal.passesOnTo(launch.program());
        Profile profile;
        try {
            profile = record(request, launch.attach(), signal);
        } catch (CommandException e) {
            throw launch.notRecorded(e);
        }
        int written = write(profile, request.outputs().open(launch.program().pid()));
        int exitCode = launch.exitCode(signal);
        return written == 0 ? exitCode : written;
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
        await(recording, request);
        Profile profile = recording.profile(notes(attachment, request));
        if (recording.end() == Sampler.End.TARGET_ENDED) {
            say("process %d ended".formatted(pid));
        } else if (recording.end() == Sampler.End.UNREADABLE) {
            say("process %d cannot be read any more".formatted(pid));
        }
        if (profile.accuracy().stacks() == 0) {
            say(nothingSeen(profile, request));
            return profile;
        }
        return filtered(profile, request.filter());
    }

    private static String nothingSeen(Profile profile, RecordRequest request) {
        if (profile.accuracy().samples() == 0) {
            return "nothing was seen: there was no time for a sample";
        }
        return request.recording().filter() == ThreadFilter.ALL
                ? "nothing was seen: no thread ran Python code"
                : "nothing was seen: no thread was active; --idle shows those that wait";
    }

    private static void await(Recording recording, RecordRequest request)
            throws InterruptedException {
        Progress progress =
                new Progress(request.recording().durationNanos(), !request.hideProgress());
        while (!recording.await(PROGRESS_MILLIS)) {
            progress.show(recording);
        }
        progress.clear();
    }

    private static Profile filtered(Profile profile, StackFilter filter) {
        Profile kept = filter.apply(profile);
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

    /** Writes all that can be written. */
    private static int write(Profile profile, List<Destination> destinations) {
        int exitCode = 0;
        for (Destination destination : destinations) {
            try {
                destination.write(profile);
            } catch (CommandException e) {
                say(e.getMessage());
                exitCode = e.exitCode();
            }
        }
        say(profile.accuracy().summary());
        return exitCode;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
}
