package jspy.cli;

import static jspy.cli.Messages.say;

import jspy.profile.Profile;
import jspy.sample.Recording;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The files of one recording: all of it at the end, or what there is so far. */
final class RecordFiles {
    /** Copying what was recorded takes so long at most; the drain has other things to do. */
    private static final long COPY_MILLIS = 10_000;

    private final List<Destination> destinations;

    RecordFiles(List<Destination> destinations) {
        this.destinations = destinations;
    }

    /** Before jspy is halted: what is half written goes. */
    void abandon() {
        destinations.forEach(Destination::abandon);
    }

    /** Writes all that can be written; the exit code. */
    int write(Profile profile) {
        int exitCode = write(profile, destinations);
        say(profile.accuracy().summary());
        return exitCode;
    }

    /**
     * Writes what was recorded so far.
     *
     * @param shaped what the user wants of a profile
     */
    void writeSoFar(Recording recording, List<String> notes, UnaryOperator<Profile> shaped)
            throws InterruptedException {
        Optional<Profile> soFar = recording.profileSoFar(notes, COPY_MILLIS);
        if (soFar.isEmpty()) {
            say("there was no time to copy what was recorded; try again");
            return;
        }
        Profile profile = shaped.apply(soFar.get());
        List<Destination> files = destinations.stream().filter(Destination::isFile).toList();
        write(profile, files);
        if (files.size() < destinations.size()) {
            say("standard output gets the profile at the end");
        }
        say("so far " + profile.accuracy().summary() + "; the recording goes on");
    }

    // internals

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
        return exitCode;
    }
}
