package jspy.sample;

import jspy.profile.AccuracyBuilder;
import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.profile.LiveFeed;
import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;

import java.util.ArrayList;
import java.util.List;

/**
 * What has been counted over all processes of a recording: frames, stacks, threads, and how certain
 * they are. Drain thread.
 */
final class Tally {
    /**
     * More threads than anybody looks at: a server that makes one for every request would fill the
     * memory with them. Those that come later are one.
     */
    static final int MAX_LOGS = 4096;

    private static final String OTHERS = "(other threads)";

    final FrameTable frames = new FrameTable();
    final StackTrie trie = new StackTrie();
    final ThreadFilter filter;
    final long startNanos;
    private final boolean timed;
    private final boolean withNatives;
    private final List<ThreadLog> logs = new ArrayList<>();
    private final IntervalHistogram intervals = new IntervalHistogram();
    private final int torn;
    private final int notReached;

    /** What a live view is told. */
    final LiveFeed feed = new LiveFeed(frames, trie);

    private long samples;
    private long stacks;
    private long provedStacks;
    private long agreedStacks;
    private long tornStacks;
    private long truncatedStacks;
    private long unreadableStacks;
    private long nativeStacks;
    private long nativeReached;

    Tally(ThreadFilter filter, boolean timed, long startNanos) {
        this(filter, timed, startNanos, false);
    }

    /**
     * @param withNatives native frames are wanted, so that a stack without them is counted
     */
    Tally(ThreadFilter filter, boolean timed, long startNanos, boolean withNatives) {
        this.withNatives = withNatives;
        this.filter = filter;
        this.timed = timed;
        this.startNanos = startNanos;
        torn = frames.intern(Frame.torn());
        notReached =
                trie.child(
                        StackTrie.ROOT, frames.intern(Frame.truncated("the root was not reached")));
    }

    /**
     * The log of that thread: one that comes back goes on in its old one, and where there are too
     * many they share one a process.
     */
    ThreadLog log(int pid, long hostThreadId, long ident) {
        ThreadLog known = find(pid, hostThreadId, ident);
        if (known != null || logs.size() < MAX_LOGS) {
            return known != null ? known : newLog(pid, hostThreadId, ident);
        }
        ThreadLog others = find(pid, 0, 0);
        if (others == null) {
            others = newLog(pid, 0, 0);
            others.setName(OTHERS);
        }
        return others;
    }

    /** Whether many threads share that log. */
    static boolean isShared(ThreadLog log) {
        return log.nativeThreadId() == 0 && log.ident() == 0;
    }

    List<ThreadLog> logs() {
        return logs;
    }

    /** A sample came, so long after the one before. */
    void sample(long intervalNanos) {
        samples++;
        intervals.add(intervalNanos);
    }

    /** The node on which a stack stands whose flags are these. */
    int base(int flags) {
        return (flags & SampleRecord.TRUNCATED) != 0 ? notReached : StackTrie.ROOT;
    }

    /** How many marks, not frames, a stack stands on. */
    int bottomMarks(int node) {
        int at = node;
        while (trie.depth(at) > 1) {
            at = trie.parent(at);
        }
        return at == notReached ? 1 : 0;
    }

    /** Counts a stack by how certain it is; the node under which it goes into the log. */
    int count(int node, int flags, int proof, boolean unreadable) {
        stacks++;
        if ((flags & SampleRecord.NATIVE) != 0) {
            nativeStacks++;
            nativeReached += (flags & SampleRecord.REACHED) != 0 ? 1 : 0;
        }
        if ((flags & SampleRecord.TRUNCATED) != 0) {
            truncatedStacks++;
        }
        if (unreadable) {
            unreadableStacks++;
        }
        if ((flags & SampleRecord.TORN) != 0) {
            tornStacks++;
            return trie.child(node, torn);
        }
        if (proof == SampleRecord.AGREED && (flags & SampleRecord.PROVED_ALONE) == 0) {
            agreedStacks++;
        } else {
            provedStacks++;
        }
        return node;
    }

    /**
     * A stack that was counted turns out to hold a frame whose code had been replaced: it has no
     * name.
     */
    void replaced() {
        unreadableStacks++;
    }

    void report(AccuracyBuilder accuracy) {
        accuracy.samples(samples)
                .stacks(stacks)
                .proved(provedStacks)
                .agreed(agreedStacks)
                .torn(tornStacks)
                .truncated(truncatedStacks)
                .unreadable(unreadableStacks)
                .natives(withNatives, nativeStacks, nativeReached)
                .intervalP50Nanos(intervals.percentileNanos(0.50))
                .intervalP99Nanos(intervals.percentileNanos(0.99));
    }

    // internals

    private ThreadLog find(int pid, long hostThreadId, long ident) {
        for (ThreadLog log : logs) {
            if (log.pid() == pid && log.nativeThreadId() == hostThreadId && log.ident() == ident) {
                return log;
            }
        }
        return null;
    }

    private ThreadLog newLog(int pid, long hostThreadId, long ident) {
        ThreadLog log =
                timed
                        ? ThreadLog.timed(pid, hostThreadId, ident)
                        : ThreadLog.countsOnly(pid, hostThreadId, ident);
        logs.add(log);
        return log;
    }
}
