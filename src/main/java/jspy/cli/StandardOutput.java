package jspy.cli;

import jspy.output.OutputFile;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Standard output with its errors, which {@link System#out} keeps to itself. A reader that goes
 * away has what it wants ({@code dump | head}); a full disk is an error.
 */
final class StandardOutput {
    private StandardOutput() {}

    /**
     * @return whether all of it was written, as nobody reads on otherwise
     */
    static boolean write(OutputFile.Contents contents) throws CommandException {
        OutputStream out = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
        try {
            contents.writeTo(out);
            out.flush();
            return true;
        } catch (IOException e) {
            if (Terminal.isPipe(Terminal.OUT)) {
                return false;
            }
            throw CommandException.failed("cannot write to standard output: " + e.getMessage());
        }
    }

    static boolean print(String text) throws CommandException {
        return write(out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
