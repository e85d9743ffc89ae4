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
import java.util.concurrent.TimeUnit;

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

    /** So long may what a process has begun to run become a Python without another exec. */
    private static final long STARTS_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long at most until it is looked at again. */
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** More processes than anybody samples at once. */
    private static final int MAX_PROCESSES = 4096;

    /** A process that is watched: what it runs, and its sampler, null when that is no Python. */
    private static final class Watched {
        final TargetProcess process;
        final ProgramWatch program;
        long image;
        ProcessSampler sampler;

        /** Since when it runs this, in ns, and when it is looked at again if that is no Python. */
        long since;

        long again;
        boolean waits;

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

    private void look() {
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
     * first thread has ended: what was read through that is read through another one. Nobody is
     * waited for, as others would not be found meanwhile.
     */
    private void renew(Watched one, long image) {
        long now = System.nanoTime();
        boolean lost = one.sampler != null && one.sampler.state() != ProcessSampler.State.SAMPLED;
        if (lost || (image != ProgramWatch.ENDED && image != one.image)) {
            one.image = image;
            one.since = now;
            if (one.sampler != null) {
                one.sampler.drop();
                one.sampler = null;
            }
            attach(one, 0);
        } else if (one.waits && now >= one.again) {
            attach(one, now - one.since);
        }
    }

    /**
     * @param age for how long it has run this, in ns
     */
    private void attach(Watched one, long age) {
        one.waits = false;
        try {
            TargetProcess process = new AttachCheck(proc).attach(one.process.pid());
            one.sampler = recording.add(Attachment.now(process, age >= STARTS_NANOS));
        } catch (NoPythonException e) {
            waitFor(one, age, e.reason() == NoPythonException.Reason.NOT_READY);
        } catch (AttachException | IOException e) {
            waitFor(one, age, false);
        }
    }

    /** Looks again when it has run half as long again; in vain only until it had its time. */
    private static void waitFor(Watched one, long age, boolean holdsPython) {
        one.waits = holdsPython || age < STARTS_NANOS;
        one.again = one.since + age + Math.min(LONGEST_PAUSE_NANOS, age / 2);
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
