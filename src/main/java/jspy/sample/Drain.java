package jspy.sample;

import jspy.profile.AccuracyBuilder;
import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes samples out of the ring and makes a profile's parts of them: names, the trie, the threads'
 * logs. Runs on a thread of its own, away from the target's core; {@link #progress} may be asked
 * from any thread.
 */
public final class Drain implements Runnable {
    /** How long an idle drain sleeps before it looks by itself, in ns. */
    private static final long IDLE_NANOS = 20_000_000;

    /**
     * Names are asked again so often while a thread has none, and now and then for those that were
     * renamed.
     */
    private static final long NAMES_AGAIN_NANOS = 200_000_000;

    private static final long NAMES_RENEWED_NANOS = 2_000_000_000;

    private final SpscRing ring;
    private final FrameNames names;
    private final FrameTable frames;
    private final StackTrie trie;
    private final TargetThreads target;
    private final int pid;
    private final ThreadFilter filter;
    private final boolean timed;
    private final long startNanos;

    private final List<ThreadLog> logs = new ArrayList<>();
    private final IntervalHistogram intervals = new IntervalHistogram();
    private SampledThread[] threads = new SampledThread[16];
    private int threadCount;
    private final int torn;
    private final int notReached;
    private long lastSampleNanos;
    private long namesDueNanos;
    private boolean unnamed;

    private long samples;
    private long stacks;
    private long provedStacks;
    private long agreedStacks;
    private long tornStacks;
    private long truncatedStacks;
    private long unreadableStacks;

    private volatile boolean finished;
    private volatile Thread thread;

    Drain(
            SpscRing ring,
            FrameNames names,
            FrameTable frames,
            StackTrie trie,
            TargetThreads target,
            int pid,
            ThreadFilter filter,
            boolean timed,
            long startNanos) {
        this.ring = ring;
        this.names = names;
        this.frames = frames;
        this.trie = trie;
        this.target = target;
        this.pid = pid;
        this.filter = filter;
        this.timed = timed;
        this.startNanos = startNanos;
        lastSampleNanos = startNanos;
        torn = frames.intern(Frame.torn());
        notReached =
                trie.child(
                        StackTrie.ROOT, frames.intern(Frame.truncated("the root was not reached")));
    }

    /** Sampler: a sample is in the ring. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Drains what is left, then ends. */
    void finish() {
        finished = true;
        wake();
    }

    @Override
    public void run() {
        thread = Thread.currentThread();
        while (true) {
            boolean last = finished;
            boolean any = drainAll();
            renewNames(System.nanoTime());
            if (last) {
                applyNames();
                return;
            }
            if (!any) {
                LockSupport.parkNanos(this, IDLE_NANOS);
            }
        }
    }

    /** The threads' logs, complete once {@link #run} has returned. */
    List<ThreadLog> logs() {
        return logs;
    }

    /** Adds what the drain counted. */
    void report(AccuracyBuilder accuracy) {
        accuracy.samples(samples)
                .stacks(stacks)
                .proved(provedStacks)
                .agreed(agreedStacks)
                .torn(tornStacks)
                .truncated(truncatedStacks)
                .unreadable(unreadableStacks)
                .intervalP50Nanos(intervals.percentileNanos(0.50))
                .intervalP99Nanos(intervals.percentileNanos(0.99));
    }

    // internals

    private boolean drainAll() {
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
        return any;
    }

    private void introduce(long position) {
        int slot = (int) ring.get(position, SampleRecord.SLOT);
        long ident = ring.get(position, SampleRecord.IDENT);
        long nativeId = ring.get(position, SampleRecord.NATIVE_ID);
        if (slot >= threads.length) {
            threads = Arrays.copyOf(threads, Math.max(slot + 1, threads.length * 2));
        }
        threadCount = Math.max(threadCount, slot + 1);
        long hostId = target.hostThreadId(nativeId, ident);
        threads[slot] = new SampledThread(log(hostId, ident), ident, hostId);
        unnamed = true;
        namesDueNanos = 0;
    }

    /** The log of that thread: one that comes back under another slot goes on in its old one. */
    private ThreadLog log(long hostId, long ident) {
        for (ThreadLog log : logs) {
            if (log.nativeThreadId() == hostId && log.ident() == ident) {
                return log;
            }
        }
        ThreadLog log =
                timed
                        ? ThreadLog.timed(pid, hostId, ident)
                        : ThreadLog.countsOnly(pid, hostId, ident);
        logs.add(log);
        return log;
    }

    private void sample(long position) {
        long time = ring.get(position, SampleRecord.TIME);
        long proofAndThreads = ring.get(position, SampleRecord.PROOF_AND_THREADS);
        int proof = SampleRecord.low(proofAndThreads);
        int count = SampleRecord.high(proofAndThreads);
        long weight = Math.max(0, time - lastSampleNanos);
        lastSampleNanos = time;
        intervals.add(weight);
        samples++;
        int at = SampleRecord.FIRST_THREAD;
        for (int i = 0; i < count; i++) {
            long slotAndFlags = ring.get(position, at++);
            long sentAndKept = ring.get(position, at++);
            int flags = SampleRecord.high(slotAndFlags);
            int kept = SampleRecord.high(sentAndKept);
            int sent = SampleRecord.low(sentAndKept);
            SampledThread sampled = threads[SampleRecord.low(slotAndFlags)];
            sampled.keep(kept);
            for (int f = sent - 1; f >= 0; f--) {
                sampled.push(ring.get(position, at + f));
            }
            at += sent;
            boolean truncated = (flags & SampleRecord.TRUNCATED) != 0;
            int node = sampled.node(trie, names, truncated ? notReached : StackTrie.ROOT, kept);
            if (counts(sampled, flags)) {
                count(sampled, node, flags, proof, time, weight);
            }
        }
    }

    private boolean counts(SampledThread sampled, int flags) {
        boolean holder = (flags & SampleRecord.HOLDS_GIL) != 0;
        boolean empty =
                sampled.depth() == 0 && (flags & (SampleRecord.TORN | SampleRecord.TRUNCATED)) == 0;
        return !empty
                && switch (filter) {
                    case GIL_HOLDER -> holder;
                    case ALL -> true;
                    case ACTIVE -> holder || target.isActive(sampled.hostThreadId);
                };
    }

    private void count(
            SampledThread sampled, int node, int flags, int proof, long time, long weight) {
        boolean isTorn = (flags & SampleRecord.TORN) != 0;
        int counted = isTorn ? trie.child(node, torn) : node;
        stacks++;
        if (isTorn) {
            tornStacks++;
        } else if (proof == SampleRecord.AGREED) {
            agreedStacks++;
        } else {
            provedStacks++;
        }
        if ((flags & SampleRecord.TRUNCATED) != 0) {
            truncatedStacks++;
        }
        if (sampled.hasUnreadable(names)) {
            unreadableStacks++;
        }
        sampled.log.append(counted, time - startNanos, weight);
    }

    private void renewNames(long now) {
        if (now >= namesDueNanos && threadCount > 0) {
            applyNames();
            namesDueNanos = now + (unnamed ? NAMES_AGAIN_NANOS : NAMES_RENEWED_NANOS);
        }
    }

    private void applyNames() {
        Map<Long, String> found = target.names();
        unnamed = false;
        for (int i = 0; i < threadCount; i++) {
            SampledThread sampled = threads[i];
            String name = sampled == null ? null : found.get(sampled.ident);
            if (name != null) {
                sampled.log.setName(name);
                sampled.named = true;
            } else if (sampled != null && !sampled.named) {
                unnamed = true;
            }
        }
    }
}
