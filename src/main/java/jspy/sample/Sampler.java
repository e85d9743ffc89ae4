package jspy.sample;

import jspy.os.LinuxKernel;

/**
 * The sampling loop: waits for the next tick, reads, sends. Runs on a platform thread of its own,
 * bound to the core of the thread it watches. Allocates nothing while it samples what it knows.
 */
public final class Sampler implements Runnable {
    /** Why the loop ended. */
    public enum End {
        /** Somebody asked for it. */
        STOPPED,
        /** The duration is over. */
        DURATION,
        /** The target ended. */
        TARGET_ENDED,
        /** Its memory could not be read any more. */
        UNREADABLE
    }

    /** Longest sleep in one piece, so that {@link #stop} is heard. */
    private static final long NAP_NANOS = 50_000_000;

    /** A pause between the reads that warm up, so that the target runs between them. */
    private static final long WARM_PAUSE_NANOS = 200_000;

    private static final int MAX_WARM_READS = 200;

    /** Reads that fail in a row before the target counts as unreadable. */
    private static final int MAX_ERRORS_IN_A_ROW = 1000;

    private final LinuxKernel kernel;
    private final StackReader[] readers;
    private final SampleEncoder[] encoders;
    private final Drain drain;
    private final SampleCounters counters;
    private final double rateHz;
    private final long startNanos;
    private final long endNanos;

    private volatile boolean stop;
    private volatile End end;

    Sampler(
            LinuxKernel kernel,
            StackReader[] readers,
            SampleEncoder[] encoders,
            Drain drain,
            SampleCounters counters,
            double rateHz,
            long startNanos,
            long endNanos) {
        this.kernel = kernel;
        this.readers = readers;
        this.encoders = encoders;
        this.drain = drain;
        this.counters = counters;
        this.rateHz = rateHz;
        this.startNanos = startNanos;
        this.endNanos = endNanos;
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
    }

    // internals

    private End loop() {
        Schedule schedule = new Schedule(rateHz, startNanos, startNanos ^ kernel.gettid());
        int errors = 0;
        while (!stop) {
            long due = Math.min(schedule.dueNanos(), endNanos);
            long now = System.nanoTime();
            if (now < due) {
                kernel.sleepUntil(Math.min(due, now + NAP_NANOS));
                continue;
            }
            if (now >= endNanos) {
                return End.DURATION;
            }
            schedule.taken(now);
            counters.set(SampleCounters.LATE, schedule.late());
            counters.set(SampleCounters.MISSED, schedule.missed());
            for (int i = 0; i < readers.length; i++) {
                int status = sample(readers[i], encoders[i]);
                if (status == StackReader.GONE) {
                    return End.TARGET_ENDED;
                }
                errors = status == StackReader.FAILED ? errors + 1 : 0;
            }
            if (errors > MAX_ERRORS_IN_A_ROW) {
                return End.UNREADABLE;
            }
        }
        return End.STOPPED;
    }

    private int sample(StackReader reader, SampleEncoder encoder) {
        int status = reader.read();
        for (int warm = 0; status == StackReader.NOT_WARM && warm < MAX_WARM_READS; warm++) {
            kernel.sleepUntil(System.nanoTime() + WARM_PAUSE_NANOS);
            status = reader.read();
        }
        if (status < 0 || status == StackReader.NOT_WARM) {
            counters.add(SampleCounters.ERRORS, 1);
            return status;
        }
        if (encoder.send(reader, status, System.nanoTime())) {
            counters.add(SampleCounters.SAMPLES, 1);
            if (status == StackReader.PROVED) {
                counters.add(SampleCounters.PROVED, 1);
            }
            drain.wake();
        } else {
            counters.add(SampleCounters.LOST, 1);
        }
        return status;
    }
}
