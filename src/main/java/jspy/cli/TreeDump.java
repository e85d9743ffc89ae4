package jspy.cli;

import jspy.process.AttachCheck;
import jspy.process.AttachException;
import jspy.process.AttachException.Reason;
import jspy.process.Children;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.python.NoPythonException;
import jspy.sample.Attachment;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code jspy dump --subprocesses}: a process and all below it, parents before children. What is no
 * Python is passed over, its children are not.
 */
final class TreeDump {
    /** More processes than anybody reads. */
    private static final int MAX_PROCESSES = 4096;

    private final ProcFiles proc = ProcFiles.system();
    private final DumpRequest request;
    private final Map<Integer, ProcessInfo> tree = new LinkedHashMap<>();

    TreeDump(DumpRequest request) {
        this.request = request;
    }

    /** At least one. */
    List<ProcessDump> all() throws CommandException, InterruptedException {
        try {
            new AttachCheck(proc).attach(request.pid());
        } catch (AttachException e) {
            throw CommandException.failed(e.getMessage());
        }
        find(request.pid(), null);
        List<ProcessDump> dumps = new ArrayList<>();
        for (ProcessInfo process : tree.values()) {
            Attachment attachment = attachOrNull(process.pid());
            if (attachment != null) {
                add(dumps, attachment, process);
            }
        }
        if (dumps.isEmpty()) {
            throw CommandException.failed(
                    "there is no CPython in process %d or the %d below it"
                            .formatted(request.pid(), tree.size() - 1));
        }
        return dumps;
    }

    // internals

    /** Depth first: a program stands beside what it started. */
    private void find(int pid, ProcessInfo parent) {
        if (tree.size() == MAX_PROCESSES || tree.containsKey(pid)) {
            return;
        }
        try {
            ProcessInfo info = ProcessInfo.of(TargetProcess.of(proc, pid), parent);
            tree.put(pid, info);
            Children.of(proc, pid).stream().sorted().forEach(child -> find(child, info));
        } catch (IOException ended) {
            // a child that lived for a moment
        }
    }

    private Attachment attachOrNull(int pid) throws InterruptedException {
        try {
            return Attachment.to(new AttachCheck(proc).attach(pid));
        } catch (AttachException e) {
            if (e.reason() == Reason.NOT_PERMITTED) {
                Messages.say(e.getMessage());
            }
            return null;
        } catch (NoPythonException | IOException notPython) {
            return null;
        }
    }

    private void add(List<ProcessDump> dumps, Attachment attachment, ProcessInfo process)
            throws InterruptedException {
        try {
            dumps.add(ProcessDump.of(attachment, request, process));
        } catch (CommandException ended) {
            if (attachment.process().isAlive()) {
                Messages.say(ended.getMessage());
            }
        }
    }
}
