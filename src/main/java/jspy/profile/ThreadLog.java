package jspy.profile;

import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * What was seen of one thread of one process: how often each stack was met and, if wanted, when.
 *
 * <p>One drain thread appends and names; anyone may read once that thread is done. Times are ns
 * since the profile's start.
 */
public final class ThreadLog {
    /** The order of threads in every output: by process, then as the system numbered them. */
    public static final Comparator<ThreadLog> BY_ID =
            Comparator.comparingInt(ThreadLog::pid)
                    .thenComparingLong(ThreadLog::nativeThreadId)
                    .thenComparing(ThreadLog::ident, Long::compareUnsigned);

    private final int pid;
    private final long nativeThreadId;
    private final long ident;
    private final SampleLog log;
    private final NodeCounts counts = new NodeCounts();

    private String threadName;
    private long samples;
    private long weightNanos;

    private ThreadLog(int pid, long nativeThreadId, long ident, SampleLog log) {
        this.pid = pid;
        this.nativeThreadId = nativeThreadId;
        this.ident = ident;
        this.log = log;
    }

    /** Keeps every sample with its time: some seven bytes each. */
    public static ThreadLog timed(int pid, long nativeThreadId, long ident) {
        return new ThreadLog(pid, nativeThreadId, ident, new SampleLog());
    }

    /** Keeps sums only: the memory does not grow with the length of the recording. */
    public static ThreadLog countsOnly(int pid, long nativeThreadId, long ident) {
        return new ThreadLog(pid, nativeThreadId, ident, null);
    }

    /**
     * Adds one sample.
     *
     * @param node the stack, a node of the profile's {@link StackTrie}
     * @param timeNanos when it was taken
     * @param weightNanos the time up to then that it stands for, usually that since the sample
     *     before (of the process, not of the thread, which may have been idle in between)
     */
    public void append(int node, long timeNanos, long weightNanos) {
        counts.add(node, 1, weightNanos);
        samples++;
        this.weightNanos += weightNanos;
        if (log != null) {
            log.append(node, timeNanos, weightNanos);
        }
    }

    /** Adds many samples of one stack at once; only where their times are not kept. */
    void addAll(int node, long sampleCount, long nanos) {
        if (log != null) {
            throw new IllegalStateException("samples have times in this log");
        }
        counts.add(node, sampleCount, nanos);
        samples += sampleCount;
        weightNanos += nanos;
    }

    /** The same thread with these stacks alone. */
    ThreadLog keeping(IntPredicate isKept) {
        ThreadLog kept =
                new ThreadLog(pid, nativeThreadId, ident, log == null ? null : new SampleLog());
        kept.threadName = threadName;
        for (int node : counts.nodes()) {
            if (isKept.test(node)) {
                kept.counts.add(node, counts.samples(node), counts.weightNanos(node));
                kept.samples += counts.samples(node);
                kept.weightNanos += counts.weightNanos(node);
            }
        }
        if (log != null) {
            for (SampleLog.Cursor cursor = log.cursor(); cursor.next(); ) {
                if (isKept.test(cursor.node())) {
                    kept.log.append(cursor.node(), cursor.timeNanos(), cursor.weightNanos());
                }
            }
        }
        return kept;
    }

    /** Names are known late and may change: the last one stands for the whole recording. */
    public void setName(String name) {
        threadName = Objects.requireNonNull(name, "name");
    }

    public int pid() {
        return pid;
    }

    /** The system's number of the thread (Linux: tid), 0 when it is unknown. */
    public long nativeThreadId() {
        return nativeThreadId;
    }

    /** Python's {@code threading.get_ident()}: the pthread. */
    public long ident() {
        return ident;
    }

    /** Null when it never became known. */
    public String threadName() {
        return threadName;
    }

    /** The thread's number as py-spy says it: the system's, else Python's in hexadecimal. */
    public String shownId() {
        return nativeThreadId > 0
                ? Long.toString(nativeThreadId)
                : String.format(Locale.ROOT, "0x%X", ident);
    }

    public long samples() {
        return samples;
    }

    public long weightNanos() {
        return weightNanos;
    }

    public NodeCounts counts() {
        return counts;
    }

    /** The samples in the order of time; empty for {@link #countsOnly}. */
    public Optional<SampleLog> log() {
        return Optional.ofNullable(log);
    }
}
