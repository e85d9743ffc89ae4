package jspy.cli;

import jspy.output.OutputException;
import jspy.output.OutputFile;
import jspy.profile.Profile;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * One file that a profile goes to, in its format.
 *
 * @param file null for standard output
 */
record Destination(Format format, OutputFile file) {
    /** The name that stands for standard output. */
    static final String STANDARD_OUTPUT = "-";

    /** Finds out whether it can be written; nothing is there yet. */
    static Destination at(Format format, String name) throws CommandException {
        try {
            return new Destination(
                    format, name.equals(STANDARD_OUTPUT) ? null : OutputFile.at(Path.of(name)));
        } catch (OutputException | InvalidPathException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    /** False for standard output, which gets one profile only. */
    boolean isFile() {
        return file != null;
    }

    /** What is half written goes; any thread. */
    void abandon() {
        if (file != null) {
            file.abandon();
        }
    }

    void write(Profile profile) throws CommandException {
        if (file == null) {
            StandardOutput.write(out -> format.writer().write(profile, out));
            return;
        }
        try {
            file.write(format.writer(), profile);
        } catch (OutputException e) {
            throw CommandException.failed(e.getMessage());
        }
        String hint = format.hint().isEmpty() ? "" : "; " + format.hint();
        Messages.say("wrote the %s to %s%s".formatted(format.title(), file.path(), hint));
    }
}
