package jspy.sample;

import jspy.os.LinuxKernel;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The sampling loop: waits for the next tick, reads each process, sends. Runs on a platform thread
 * of its own, bound to the core of the thread it watches. Allocates nothing while it samples what
 * it knows.
 */
public final class Sampler implements Runnable {
    /** Why the loop ended. */
    public enum End {
        /** Somebody asked for it. */
        STOPPED,
        /** The duration is over. */
        DURATION,
        /** Every process ended. */
        TARGET_ENDED,
        /** The memory of the last one could not be read any more. */
        UNREADABLE
    }

    /** Longest sleep in one piece, so that {@link #stop} is heard. */
    private static final long NAP_NANOS = 50_000_000;

    /** The same while a thread of the target has a stop to come that nobody waits for. */
    private static final long SETTLE_NANOS = 2_000_000;

    /** A pause between the reads that warm up, so that the target runs between them. */
    private static final long WARM_PAUSE_NANOS = 200_000;

    private static final int MAX_WARM_READS = 200;

    private final LinuxKernel kernel;
    private final Drain drain;
    private final SampleCounters counters;
    private final double rateHz;
    private final long startNanos;
    private final long endNanos;

    private final ConcurrentLinkedQueue<ProcessSampler> added = new ConcurrentLinkedQueue<>();
    private ProcessSampler[] processes = new ProcessSampler[4];
    private int count;
    private End last = End.TARGET_ENDED; // why the last process that went is sampled no more

    private volatile boolean stop;
    private volatile boolean waitsForMore;
    private volatile End end;

    Sampler(
            LinuxKernel kernel,
            Drain drain,
            SampleCounters counters,
            double rateHz,
            long startNanos,
            long endNanos) {
        this.kernel = kernel;
        this.drain = drain;
        this.counters = counters;
        this.rateHz = rateHz;
        this.startNanos = startNanos;
        this.endNanos = endNanos;
    }

    /** Any thread: samples this process too, from the next tick on. */
    void add(ProcessSampler process) {
        added.add(process);
    }

    /** Any thread: whether the loop goes on when no process is left, as more may come. */
    void waitForMore(boolean wait) {
        waitsForMore = wait;
    }

    /** Ends the loop soon, from any thread. */
    public void stop() {
        stop = true;
    }

    /** Why the loop ended; null while it runs. */
    public End end() {
        return end;
    }

    @Override
    public void run() {
        kernel.setTimerSlack(1);
        end = loop();
        for (int i = 0; i < count; i++) {
            processes[i].reader().close();
        }
    }

    // internals

    private End loop() {
        takeAdded();
        rehearse();
        Schedule schedule = new Schedule(rateHz, System.nanoTime(), startNanos ^ kernel.gettid());
        while (!stop) {
            End ended = tick(schedule);
            if (ended != null) {
                return ended;
            }
        }
        return End.STOPPED;
    }

    /**
     * Sleeps until a sample is due and takes it; null while the loop goes on. A method of its own,
     * as a loop that turns a thousand times a second is interpreted for a minute.
     */
    private End tick(Schedule schedule) {
        long due = Math.min(schedule.dueNanos(), endNanos);
        long now = System.nanoTime();
        while (now < due) {
            kernel.sleepUntil(Math.min(due, now + (settle() ? NAP_NANOS : SETTLE_NANOS)));
            if (stop) {
                return End.STOPPED;
            }
            now = System.nanoTime();
        }
        if (now >= endNanos) {
            return End.DURATION;
        }
        takeAdded();
        schedule.taken(now);
        counters.add(SampleCounters.TICKS, 1);
        counters.set(SampleCounters.LATE, schedule.late());
        counters.set(SampleCounters.MISSED, schedule.missed());
        for (int i = count - 1; i >= 0; i--) {
            if (processes[i].isDropped() || !sample(processes[i])) {
                last =
                        processes[i].state() == ProcessSampler.State.UNREADABLE
                                ? End.UNREADABLE
                                : End.TARGET_ENDED;
                processes[i].reader().close();
                processes[i] = processes[--count];
                processes[count] = null;
            }
        }
        return count == 0 && added.isEmpty() && !waitsForMore ? last : null;
    }

    /** False when some thread of a target may stand still until this is called again. */
    private boolean settle() {
        boolean isSettled = true;
        for (int i = 0; i < count; i++) {
            isSettled &= processes[i].reader().settle();
        }
        return isSettled;
    }

    private void rehearse() {
        for (int i = 0; i < count; i++) {
            processes[i].reader().rehearse();
        }
    }

    private void takeAdded() {
        for (ProcessSampler next = added.poll(); next != null; next = added.poll()) {
            if (count == processes.length) {
                processes = Arrays.copyOf(processes, count * 2);
            }
            processes[count++] = next;
        }
    }

    /** Whether the process can still be sampled. */
    private boolean sample(ProcessSampler process) {
        int status = sample(process.reader(), process.encoder());
        if (status == StackSource.GONE) {
            // That it ended is no error, nor is what could not be read while it did.
            counters.add(SampleCounters.ERRORS, -process.failures());
        }
        return process.read(status);
    }

    private int sample(StackSource reader, SampleEncoder encoder) {
        int status = reader.read();
        for (int warm = 0; status == StackSource.NOT_WARM && warm < MAX_WARM_READS; warm++) {
            kernel.sleepUntil(System.nanoTime() + WARM_PAUSE_NANOS);
            status = reader.read();
        }
        if (status < 0 || status == StackSource.NOT_WARM) {
            counters.add(SampleCounters.ERRORS, status == StackSource.GONE ? 0 : 1);
            return status;
        }
        if (encoder.send(reader, status, System.nanoTime())) {
            counters.add(SampleCounters.SAMPLES, 1);
            if (status == StackSource.PROVED) {
                counters.add(SampleCounters.PROVED, 1);
            }
            if (encoder.isUrgent()) {
                drain.wake(); // else it looks by itself soon, and takes many at once
            }
        } else {
            counters.add(SampleCounters.LOST, 1);
        }
        return status;
    }
}
