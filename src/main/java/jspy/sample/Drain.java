package jspy.sample;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Takes samples out of the ring and makes a profile's parts of them. Runs on a thread of its own,
 * away from the target's core.
 */
final class Drain implements Runnable {
    /**
     * How long an idle drain sleeps before it looks by itself, in ns. Waking it costs the sampler a
     * system call on the target's core, and itself a switch and cold caches, which is most of what
     * it costs: most samples can wait so long.
     */
    private static final long IDLE_NANOS = 100_000_000;

    private final SpscRing ring;
    private volatile DrainedProcess[] processes = new DrainedProcess[0]; // by stream
    private SampledThread[][] threads = new SampledThread[4][]; // by stream and slot
    private long[] sampledAt = new long[4]; // by stream: when the last sample was, in ns

    private long idleNanos = IDLE_NANOS;

    private volatile LiveSeam live; // null while nobody looks
    private final AtomicReference<Runnable> task = new AtomicReference<>();
    private volatile boolean finished;
    private volatile Thread thread;

    Drain(SpscRing ring) {
        this.ring = ring;
    }

    /**
     * Any one thread: what comes under the next stream number belongs to this process. The number.
     */
    synchronized int addStream(DrainedProcess process) {
        DrainedProcess[] more = Arrays.copyOf(processes, processes.length + 1);
        more[processes.length] = process;
        processes = more;
        return more.length - 1;
    }

    /** Any thread: there is something to do that should not wait. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Any thread: from now on this one is answered. */
    void answer(LiveSeam seam) {
        live = seam;
    }

    /**
     * Any thread: has this done on the drain thread, when all that was seen so far is in the
     * profile. One at a time; the ring takes up what is sampled meanwhile. Empty when the drain did
     * not come by within this time.
     */
    <T> Optional<T> ask(Supplier<T> wanted, long millis) throws InterruptedException {
        FutureTask<T> answer = new FutureTask<>(wanted::get);
        task.set(answer);
        wake();
        try {
            return Optional.of(answer.get(millis, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Drains what is left, then ends. */
    void finish() {
        finished = true;
        wake();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        boolean last = false;
        while (!last) {
            last = finished;
            if (!drainAll(last) && !last) {
                LockSupport.parkNanos(this, idleNanos);
            }
        }
        for (DrainedProcess process : processes) {
            process.close();
        }
    }

    // internals

    /** Takes all that waits, and does what is due; whether anything waited. */
    private boolean drainAll(boolean last) {
        boolean any = false;
        for (long position = ring.poll(); position >= 0; position = ring.poll()) {
            if (ring.get(position, SampleRecord.KIND) == SampleRecord.SAMPLE) {
                sample(position);
            } else {
                introduce(position);
            }
            ring.release(position);
            any = true;
        }
        tend(last);
        return any;
    }

    private void tend(boolean last) {
        long now = System.nanoTime();
        DrainedProcess before = null;
        idleNanos = IDLE_NANOS;
        for (DrainedProcess process : processes) {
            if (process != before) {
                process.tend(now, last);
                idleNanos = Math.min(idleNanos, process.windowNanos());
            }
            before = process;
        }
        LiveSeam seam = live;
        if (seam != null && seam.takeRequest()) {
            confirm();
            seam.answer();
        }
        Runnable wanted = task.getAndSet(null);
        if (wanted != null) {
            confirm();
            wanted.run();
        }
    }

    private void confirm() {
        for (DrainedProcess process : processes) {
            process.confirm();
        }
    }

    private void introduce(long position) {
        int stream = (int) ring.get(position, SampleRecord.STREAM);
        int slot = (int) ring.get(position, SampleRecord.SLOT);
        if (stream >= threads.length) {
            int larger = Math.max(stream + 1, threads.length * 2);
            threads = Arrays.copyOf(threads, larger);
            sampledAt = Arrays.copyOf(sampledAt, larger);
        }
        SampledThread[] slots = threads[stream];
        if (slots == null || slot >= slots.length) {
            slots =
                    slots == null
                            ? new SampledThread[Math.max(16, slot + 1)]
                            : Arrays.copyOf(slots, Math.max(slot + 1, slots.length * 2));
            threads[stream] = slots;
            if (sampledAt[stream] == 0) {
                sampledAt[stream] = System.nanoTime(); // the first sample stands for no time
            }
        }
        if (slots[slot] != null) {
            processes[stream].forget(slots[slot]);
        }
        slots[slot] =
                processes[stream].introduce(
                        ring.get(position, SampleRecord.NATIVE_ID),
                        ring.get(position, SampleRecord.IDENT));
    }

    private void sample(long position) {
        int stream = (int) ring.get(position, SampleRecord.STREAM);
        DrainedProcess process = processes[stream];
        long time = ring.get(position, SampleRecord.TIME);
        long proofAndThreads = ring.get(position, SampleRecord.PROOF_AND_THREADS);
        int proof = SampleRecord.low(proofAndThreads);
        int count = SampleRecord.high(proofAndThreads);
        long weight = Math.max(0, time - sampledAt[stream]);
        sampledAt[stream] = time;
        process.sampled(weight);
        int at = SampleRecord.FIRST_THREAD;
        boolean held = false;
        for (int i = 0; i < count; i++) {
            long slotAndFlags = ring.get(position, at++);
            held |= (SampleRecord.high(slotAndFlags) & SampleRecord.HOLDS_GIL) != 0;
            long sentAndKept = ring.get(position, at++);
            int sent = SampleRecord.low(sentAndKept);
            int kept = SampleRecord.high(sentAndKept);
            SampledThread sampled = threads[stream][SampleRecord.low(slotAndFlags)];
            sampled.keep(kept);
            for (int f = sent - 1; f >= 0; f--) {
                sampled.push(ring.get(position, at + f));
            }
            at += sent;
            process.stack(sampled, kept, SampleRecord.high(slotAndFlags), proof, time, weight);
        }
        process.threads(stream, count, time, held ? weight : 0);
    }
}
