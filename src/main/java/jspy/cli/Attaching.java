package jspy.cli;

import jspy.layout.LayoutCatalog;
import jspy.layout.PythonVersion;
import jspy.process.AttachCheck;
import jspy.process.AttachException;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.python.NoPythonException;
import jspy.sample.Attachment;
import jspy.sample.FirstPython;

import java.io.IOException;
import java.time.Duration;

/** From what the user typed to a process that can be sampled, or to the line that says why not. */
final class Attaching {
    /** Until a launcher script has become a Python, on a busy machine. */
    private static final Duration START_TAKES_AT_MOST = Duration.ofSeconds(5);

    /** As py-spy waits for one below a process that runs already. */
    private static final Duration CHILD_TAKES_AT_MOST = Duration.ofSeconds(1);

    private Attaching() {}

    /** {@code --pid}: decimal, hexadecimal with 0x, or what the command line of one Python has. */
    static int pid(String typed) throws CommandException {
        try {
            int pid = Integer.decode(typed.startsWith("0x") ? typed : decimal(typed));
            if (pid > 0) {
                return pid;
            }
        } catch (NumberFormatException e) {
            if (!typed.matches("-?\\d+|0x.*")) {
                return TargetPattern.pid(typed);
            }
        }
        throw CommandException.usage("--pid takes a process id, not '%s'".formatted(typed));
    }

    static Attachment attach(int pid) throws CommandException, InterruptedException {
        try {
            return attached(new AttachCheck(ProcFiles.system()).attach(pid), Attachment::to);
        } catch (AttachException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    /** A process that jspy has just started. */
    static Attachment attachStarted(TargetProcess process)
            throws CommandException, InterruptedException {
        return attached(process, started -> Attachment.toStarted(started, START_TAKES_AT_MOST));
    }

    /**
     * As {@link #attach(int)}; with its children, the process need not be a Python itself.
     *
     * @param subprocesses whether its children are meant too
     */
    static Attachment attach(int pid, boolean subprocesses)
            throws CommandException, InterruptedException {
        if (!subprocesses) {
            return attach(pid);
        }
        try {
            TargetProcess process = new AttachCheck(ProcFiles.system()).attach(pid);
            return attached(process, root -> FirstPython.of(root, CHILD_TAKES_AT_MOST));
        } catch (AttachException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    /** A process that jspy has just started, and its children. */
    static Attachment attachStartedTree(TargetProcess process)
            throws CommandException, InterruptedException {
        return attached(process, root -> FirstPython.of(root, START_TAKES_AT_MOST));
    }

    // internals

    /** One of the ways to attach. */
    @FunctionalInterface
    private interface Way {
        Attachment to(TargetProcess process)
                throws IOException, NoPythonException, InterruptedException;
    }

    private static Attachment attached(TargetProcess process, Way way)
            throws CommandException, InterruptedException {
        try {
            Attachment attachment = way.to(process);
            PythonVersion version = attachment.runtime().version();
            if (!LayoutCatalog.isKnown(version)) {
                Messages.say(
                        "CPython %s is newer than this jspy, which goes by what it says of itself"
                                .formatted(version));
            }
            return attachment;
        } catch (NoPythonException e) {
            throw CommandException.failed(e.getMessage());
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot attach to process %d: %s; it may have ended"
                            .formatted(process.pid(), e.getMessage()));
        }
    }

    /** Without what {@link Integer#decode} would take for octal. */
    private static String decimal(String typed) {
        return typed.replaceFirst("^0+(?=.)", "");
    }
}
