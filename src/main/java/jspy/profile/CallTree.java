package jspy.profile;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * All stacks of a profile as one tree, threads merged unless the profile wants them apart.
 *
 * <p>Nodes are numbered as one reads the tree (each before its children), so that node's
 * descendants are {@code node + 1} to {@code end(node) - 1}, the first child is {@code node + 1}
 * and the next sibling {@code end(node)}. Children are sorted by what they are called, so that
 * equal profiles give equal trees, whatever order samples came in. Immutable.
 */
public final class CallTree {
    /** The node that all stacks begin at; it has no frame. */
    public static final int ROOT = 0;

    private final Columns columns;

    CallTree(Columns columns) {
        this.columns = columns;
    }

    /** The tree of all frames as they are. */
    public static CallTree of(Profile profile) {
        return of(profile, frame -> frame);
    }

    /** The tree of all frames as {@code view} shows them: what looks the same becomes one. */
    public static CallTree of(Profile profile, UnaryOperator<Frame> view) {
        return new CallTreeBuilder(profile, view).build();
    }

    /** How many nodes there are, the root included. */
    public int size() {
        return columns.frames.length;
    }

    /** The frame of any node but the root. */
    public Frame frame(int node) {
        if (node == ROOT) {
            throw new IllegalArgumentException("the root has no frame");
        }
        return columns.frames[node];
    }

    /** The caller; {@link StackTrie#NONE} for the root. */
    public int parent(int node) {
        return columns.parents[node];
    }

    /** One past the last descendant. */
    public int end(int node) {
        return columns.ends[node];
    }

    /** 0 for the root. */
    public int depth(int node) {
        return columns.depths[node];
    }

    /** The depth of the deepest node. */
    public int maxDepth() {
        return Arrays.stream(columns.depths).max().orElse(0);
    }

    /** Samples that ended here. */
    public long selfSamples(int node) {
        return columns.selfSamples[node];
    }

    /** Samples that ended here or below. */
    public long totalSamples(int node) {
        return columns.totalSamples[node];
    }

    /** The time that {@link #totalSamples} stand for, summed over threads. */
    public long totalNanos(int node) {
        return columns.totalNanos[node];
    }

    /** The nodes' values, one array each, while the builder fills them. */
    static final class Columns {
        private final Frame[] frames;
        private final int[] parents;
        private final int[] ends;
        private final int[] depths;
        private final long[] selfSamples;
        private final long[] totalSamples;
        private final long[] totalNanos;

        Columns(int size) {
            frames = new Frame[size];
            parents = new int[size];
            ends = new int[size];
            depths = new int[size];
            selfSamples = new long[size];
            totalSamples = new long[size];
            totalNanos = new long[size];
        }

        void place(int node, Frame frame, int parent, int depth, int end) {
            frames[node] = frame;
            parents[node] = parent;
            depths[node] = depth;
            ends[node] = end;
        }

        void count(int node, long self, long total, long nanos) {
            selfSamples[node] = self;
            totalSamples[node] = total;
            totalNanos[node] = nanos;
        }
    }
}
