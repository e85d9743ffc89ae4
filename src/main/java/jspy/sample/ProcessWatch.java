package jspy.sample;

import jspy.os.Linux;
import jspy.os.LinuxKernel;
import jspy.process.AttachCheck;
import jspy.process.AttachException;
import jspy.process.Children;
import jspy.process.ProcFiles;
import jspy.process.ProgramWatch;
import jspy.process.TargetProcess;
import jspy.python.NoPythonException;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Watches the processes of a recording from a thread of its own: one that runs another program
 * (exec) is attached to anew, and, where that is asked for, so are children. What is no Python is
 * passed over and looked at again when it runs another program. Interpreters that come and go
 * within a process are followed too.
 */
final class ProcessWatch implements Runnable {
    /** How often: children are found within two of these. */
    private static final long PERIOD_MILLIS = 40;

    /** The same for other programs and interpreters, which are rare. */
    private static final long PERIOD_WITHOUT_CHILDREN_MILLIS = 200;

    /** More processes than anybody samples at once. */
    private static final int MAX_PROCESSES = 4096;

    /** A process that is watched: what it runs, and its sampler, null when that is no Python. */
    private static final class Watched {
        final TargetProcess process;
        final ProgramWatch program;
        long image;
        ProcessSampler sampler;

        Watched(TargetProcess process, ProgramWatch program, long image, ProcessSampler sampler) {
            this.process = process;
            this.program = program;
            this.image = image;
            this.sampler = sampler;
        }
    }

    private final Recording recording;
    private final Sampler sampler;
    private final ProcFiles proc;
    private final LinuxKernel kernel = Linux.steady();
    private final boolean subprocesses;
    private final Map<Integer, Watched> watched = new HashMap<>();
    private volatile boolean stop;

    ProcessWatch(
            Recording recording,
            Sampler sampler,
            Attachment first,
            ProcessSampler firstSampler,
            boolean subprocesses) {
        this.recording = recording;
        this.sampler = sampler;
        this.subprocesses = subprocesses;
        proc = first.process().proc();
        watch(first.root(), null);
        watch(first.process(), firstSampler);
    }

    void stop() {
        stop = true;
    }

    @Override
    public void run() {
        try {
            while (!stop) {
                Thread.sleep(subprocesses ? PERIOD_MILLIS : PERIOD_WITHOUT_CHILDREN_MILLIS);
                look();
            }
        } catch (InterruptedException e) {
            // the recording is over
        } finally {
            watched.values().forEach(one -> one.program.close());
        }
    }

    // internals

    private void watch(TargetProcess process, ProcessSampler itsSampler) {
        ProgramWatch program = new ProgramWatch(kernel, proc, process.pid());
        Watched before =
                watched.put(
                        process.pid(), new Watched(process, program, program.look(), itsSampler));
        if (before != null) {
            before.program.close();
        }
    }

    private void look() throws InterruptedException {
        Iterator<Watched> each = watched.values().iterator();
        while (each.hasNext()) {
            Watched one = each.next();
            long image = one.program.look();
            if (image == ProgramWatch.ENDED && !one.process.isAlive()) {
                one.program.close();
                each.remove();
            } else {
                renew(one, image);
                renewInterpreters(one);
            }
        }
        if (subprocesses) {
            for (TargetProcess child : newChildren()) {
                ProgramWatch program = new ProgramWatch(kernel, proc, child.pid());
                Watched one = new Watched(child, program, ProgramWatch.ENDED, null);
                watched.put(child.pid(), one);
                renew(one, program.look());
            }
        }
        // While a process lives it may yet run Python (again); none left: the recording is over.
        sampler.waitForMore(!watched.isEmpty());
    }

    /**
     * Attaches to a process that runs another program than when it was looked at last, or whose
     * first thread has ended: what was read through that is read through another one.
     */
    private void renew(Watched one, long image) throws InterruptedException {
        boolean lost = one.sampler != null && one.sampler.state() != ProcessSampler.State.SAMPLED;
        if (!lost && (image == ProgramWatch.ENDED || image == one.image)) {
            return;
        }
        one.image = image;
        if (one.sampler != null) {
            one.sampler.drop();
            one.sampler = null;
        }
        try {
            one.sampler =
                    recording.add(Attachment.to(new AttachCheck(proc).attach(one.process.pid())));
        } catch (AttachException | NoPythonException | IOException notPython) {
            // passed over until it runs something else
        }
    }

    /** Takes note of interpreters that came or went. */
    private void renewInterpreters(Watched one) {
        if (one.sampler == null || !one.sampler.interpreters().hasChanged()) {
            return;
        }
        try {
            one.sampler = recording.renew(one.sampler);
        } catch (IOException ended) {
            // the process ended: the next look finds out
        }
    }

    private List<TargetProcess> newChildren() {
        List<TargetProcess> found = new ArrayList<>();
        Deque<Integer> parents = new ArrayDeque<>(watched.keySet());
        while (!parents.isEmpty() && watched.size() + found.size() < MAX_PROCESSES) {
            for (int child : Children.of(proc, parents.poll())) {
                if (!watched.containsKey(child) && find(found, child) == null) {
                    try {
                        found.add(TargetProcess.of(proc, child));
                        parents.add(child);
                    } catch (IOException ended) {
                        // a child that lived for a moment
                    }
                }
            }
        }
        return found;
    }

    private static TargetProcess find(List<TargetProcess> processes, int pid) {
        for (TargetProcess process : processes) {
            if (process.pid() == pid) {
                return process;
            }
        }
        return null;
    }
}
