package jspy.cli;

import jspy.output.OutputException;
import jspy.output.OutputFile;
import jspy.process.TargetProcess;
import jspy.sample.Attachment;
import jspy.sample.NativeMode;
import jspy.sample.ReadMode;
import jspy.sample.StackDump;
import jspy.snapshot.SnapshotWriter;

import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * The dump of a running process, and what is to be said of it.
 *
 * @param warning empty for none
 */
record ProcessDump(DumpSubject subject, String warning) {
    static ProcessDump of(Attachment attachment, DumpRequest request)
            throws CommandException, InterruptedException {
        return of(attachment, request, null);
    }

    /**
     * @param info the process and those that it came from; null where that is not asked for
     */
    static ProcessDump of(Attachment attachment, DumpRequest request, ProcessInfo info)
            throws CommandException, InterruptedException {
        TargetProcess process = attachment.process();
        OutputFile file = request.capture() == null ? null : captureFile(request);
        try {
            UnaryOperator<String> shorten = attachment.shortNames();
            SnapshotFiles.Captured captured =
                    file == null
                            ? null
                            : SnapshotFiles.capture(attachment, shorten, request.localChars());
            StackDump dump =
                    file == null
                            ? dump(attachment, request, shorten)
                            : captured == null ? null : captured.dump();
            if (dump == null) {
                throw CommandException.failed("process %d ended".formatted(process.pid()));
            }
            if (file != null) {
                file.write(out -> SnapshotWriter.write(captured.snapshot(), out));
            }
            DumpSubject subject =
                    new DumpSubject(
                            process.pid(),
                            process.commandLine(),
                            attachment.runtime().version().toString(),
                            process.executable(),
                            dump,
                            info);
            boolean changed = captured != null && !captured.snapshot().proved();
            return new ProcessDump(subject, warning(dump, request.mode(), attachment, changed));
        } catch (OutputException e) {
            throw CommandException.failed(e.getMessage());
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot read process %d: %s".formatted(process.pid(), e.getMessage()));
        }
    }

    void warn() {
        if (!warning.isEmpty()) {
            String whose = subject.info() == null ? "" : "process " + subject.pid() + ": ";
            Messages.say(whose + warning);
        }
    }

    // internals

    private static StackDump dump(
            Attachment attachment, DumpRequest request, UnaryOperator<String> shorten)
            throws IOException, InterruptedException {
        return request.natives() == NativeMode.NONE
                ? attachment.dump(request.mode(), shorten, request.localChars())
                : attachment.dumpNative(shorten, request.natives());
    }

    private static OutputFile captureFile(DumpRequest request) throws CommandException {
        try {
            return OutputFile.at(request.capture(), "--capture");
        } catch (OutputException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    private static String warning(
            StackDump dump, ReadMode mode, Attachment attachment, boolean changed) {
        if (!dump.proved()) {
            if (mode == ReadMode.UNPROVED) {
                return "read without a proof (--nonblocking); what two readings did not agree on"
                        + " is [torn]";
            }
            return "these stacks are not proved: "
                    + (attachment.proof().isAvailable()
                            ? "the program ran during every reading; what two of them did not"
                                    + " agree on is [torn], --blocking stops it for a moment"
                            : attachment.proof().describe());
        }
        if (!dump.localsProved()) {
            return "the program went on while its variables were read: some may be of a moment"
                    + " after its stacks";
        }
        return changed
                ? "the process changed while it was captured: the snapshot may lack frames; try"
                        + " again"
                : "";
    }
}
