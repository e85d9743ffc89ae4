package jspy.profile;

import jspy.profile.LiveUpdate.ThreadPart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what is seen between two {@link LiveUpdate}s, the stacks only once somebody looks. Drain
 * thread; what it hands out is a copy, so nobody waits for anybody.
 */
public final class LiveFeed {
    private final FrameTable frames;
    private final StackTrie trie;
    private final Map<ThreadLog, NodeCounts> seen = new LinkedHashMap<>();

    private boolean begun;
    private int framesSent;
    private int nodesSent = 1; // the root is everybody's
    private long spanNanos;
    private long lastTimeNanos;
    private long samples;
    private long gilNanos;
    private long stackNanos;
    private int[] streamThreads = new int[4]; // in the last sample, -1: none since the update
    private int[] streamPids = new int[4];

    public LiveFeed(FrameTable frames, StackTrie trie) {
        this.frames = frames;
        this.trie = trie;
        Arrays.fill(streamThreads, -1);
    }

    /** Whether somebody looks. */
    public boolean hasBegun() {
        return begun;
    }

    /**
     * From now on stacks are collected; those in these logs so far are part of the first update.
     */
    public void begin(List<ThreadLog> logs) {
        begun = true;
        for (ThreadLog log : logs) {
            for (int node : log.counts().nodes()) {
                long nanos = log.counts().weightNanos(node);
                counts(log).add(node, log.counts().samples(node), nanos);
                stackNanos += nanos;
            }
        }
    }

    /**
     * A sample was taken.
     *
     * @param stream which threads of which process; a small number
     * @param threads how many there were in it
     * @param timeNanos since the profile's start
     * @param heldNanos the time it stands for if the GIL was held, else 0
     */
    public void sample(int stream, int pid, int threads, long timeNanos, long heldNanos) {
        if (stream >= streamThreads.length) {
            int had = streamThreads.length;
            streamThreads = Arrays.copyOf(streamThreads, Math.max(stream + 1, had * 2));
            streamPids = Arrays.copyOf(streamPids, streamThreads.length);
            Arrays.fill(streamThreads, had, streamThreads.length, -1);
        }
        streamThreads[stream] = threads;
        streamPids[stream] = pid;
        samples++;
        gilNanos += heldNanos;
        spanNanos += Math.max(0, timeNanos - lastTimeNanos);
        lastTimeNanos = Math.max(timeNanos, lastTimeNanos);
    }

    /** A stack of a thread counts. */
    public void stack(ThreadLog log, int node, long weightNanos) {
        if (!begun) {
            return;
        }
        counts(log).add(node, 1, weightNanos);
        stackNanos += weightNanos;
    }

    /** All since the last call. */
    public LiveUpdate take(Accuracy accuracy) {
        List<Frame> newFrames = new ArrayList<>();
        for (; framesSent < frames.size(); framesSent++) {
            newFrames.add(frames.get(framesSent));
        }
        int[] parents = new int[trie.size() - nodesSent];
        int[] leaves = new int[parents.length];
        for (int i = 0; i < parents.length; i++) {
            parents[i] = trie.parent(nodesSent + i);
            leaves[i] = trie.frame(nodesSent + i);
        }
        nodesSent += parents.length;
        LiveUpdate update =
                new LiveUpdate(
                        spanNanos,
                        samples,
                        gilNanos,
                        stackNanos,
                        Arrays.stream(streamThreads).filter(count -> count > 0).sum(),
                        processes(),
                        newFrames,
                        parents,
                        leaves,
                        seen.entrySet().stream().map(e -> part(e.getKey(), e.getValue())).toList(),
                        accuracy);
        clear();
        return update;
    }

    // internals

    private NodeCounts counts(ThreadLog log) {
        return seen.computeIfAbsent(log, unused -> new NodeCounts());
    }

    private int processes() {
        int[] pids = new int[streamPids.length];
        int count = 0;
        for (int i = 0; i < pids.length; i++) {
            if (streamThreads[i] >= 0) {
                pids[count++] = streamPids[i];
            }
        }
        return (int) Arrays.stream(pids, 0, count).distinct().count();
    }

    private static ThreadPart part(ThreadLog log, NodeCounts counts) {
        int[] nodes = counts.nodes();
        return new ThreadPart(
                log.pid(),
                log.nativeThreadId(),
                log.ident(),
                log.threadName(),
                nodes,
                Arrays.stream(nodes).mapToLong(counts::samples).toArray(),
                Arrays.stream(nodes).mapToLong(counts::weightNanos).toArray());
    }

    private void clear() {
        seen.clear();
        samples = 0;
        spanNanos = 0;
        gilNanos = 0;
        stackNanos = 0;
        Arrays.fill(streamThreads, -1);
    }
}
