package jspy.cli;

import jspy.output.OutputException;
import jspy.output.OutputFile;
import jspy.profile.Profile;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
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

    void write(Profile profile) throws CommandException {
        if (file == null) {
            writeToStandardOutput(profile);
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

    // internals

    private void writeToStandardOutput(Profile profile) throws CommandException {
        OutputStream out = new BufferedOutputStream(System.out);
        try {
            format.writer().write(profile, out);
            out.flush();
        } catch (IOException e) {
            throw CommandException.failed("cannot write to standard output: " + e.getMessage());
        }
        // A stream of System.out keeps its errors to itself: a closed pipe is the reader's wish, a
        // full disk is not; which of them it was it does not say.
        if (System.out.checkError() && Terminal.isFile(Terminal.OUT)) {
            throw CommandException.failed(
                    "cannot write all of it to standard output: is the disk full?");
        }
    }
}
