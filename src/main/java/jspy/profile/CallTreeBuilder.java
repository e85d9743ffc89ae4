package jspy.profile;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Makes a {@link CallTree}: adds up the threads, each below its groups, then numbers the nodes in
 * the order of names.
 *
 * <p>A node's number in the unordered tree is always higher than its parent's: sweeps take the
 * place of recursion.
 */
final class CallTreeBuilder {
    private static final Comparator<Frame> BY_NAME =
            Comparator.comparing(Frame::label)
                    .thenComparing(Frame::file)
                    .thenComparing(Frame::shortFile)
                    .thenComparing(Frame::function)
                    .thenComparingInt(Frame::line);

    private final Profile profile;
    private final UnaryOperator<Frame> view;
    private final FrameTable frames = new FrameTable();
    private final StackTrie tree = new StackTrie();
    private final NodeCounts counts = new NodeCounts();

    /** The profile's frame ids in {@link #frames}, -1 where not yet known. */
    private final int[] frameIds;

    /**
     * The profile's stacks in {@link #tree}, below the groups of the thread that {@link #mappedFor}
     * says.
     */
    private final int[] mapped;

    private final int[] mappedFor;

    /** A stack's nodes from leaf to root, while it is mapped. */
    private int[] pending = new int[64];

    CallTreeBuilder(Profile profile, UnaryOperator<Frame> view) {
        this.profile = profile;
        this.view = view;
        frameIds = new int[profile.frames().size()];
        Arrays.fill(frameIds, -1);
        mapped = new int[profile.stacks().size()];
        mappedFor = new int[mapped.length];
        Arrays.fill(mappedFor, -1);
    }

    CallTree build() {
        for (ThreadLog thread : profile.threads()) {
            add(thread);
        }
        long[] self = new long[tree.size()];
        long[] total = new long[tree.size()];
        long[] nanos = new long[tree.size()];
        for (int node : counts.nodes()) {
            self[node] = total[node] = counts.samples(node);
            nanos[node] = counts.weightNanos(node);
        }
        for (int node = tree.size() - 1; node > 0; node--) {
            total[tree.parent(node)] += total[node];
            nanos[tree.parent(node)] += nanos[node];
        }
        return number(self, total, nanos);
    }

    // internals

    private void add(ThreadLog thread) {
        int base = StackTrie.ROOT;
        for (Frame group : profile.groupsOf(thread)) {
            base = tree.child(base, frames.intern(view.apply(group)));
        }
        for (int stack : thread.counts().nodes()) {
            long samples = thread.counts().samples(stack);
            counts.add(map(stack, base), samples, thread.counts().weightNanos(stack));
        }
    }

    private int map(int stack, int base) {
        int depth = 0;
        int known = stack;
        while (known != StackTrie.ROOT && mappedFor[known] != base) {
            if (depth == pending.length) {
                pending = Arrays.copyOf(pending, depth * 2);
            }
            pending[depth++] = known;
            known = profile.stacks().parent(known);
        }
        int node = known == StackTrie.ROOT ? base : mapped[known];
        while (depth > 0) {
            int next = pending[--depth];
            node = tree.child(node, frameId(profile.stacks().frame(next)));
            mapped[next] = node;
            mappedFor[next] = base;
        }
        return node;
    }

    private int frameId(int profileFrame) {
        if (frameIds[profileFrame] < 0) {
            frameIds[profileFrame] = frames.intern(view.apply(profile.frames().get(profileFrame)));
        }
        return frameIds[profileFrame];
    }

    /**
     * Sorts all nodes by (parent, name). As parents come before their children in that order too, a
     * node's number is its parent's plus the sizes of the siblings before it.
     */
    private CallTree number(long[] self, long[] total, long[] nanos) {
        int[] frameByRank = framesByName();
        int[] rankOf = new int[frameByRank.length];
        for (int rank = 0; rank < frameByRank.length; rank++) {
            rankOf[frameByRank[rank]] = rank;
        }
        int size = tree.size();
        int[] subtreeSizes = new int[size];
        Arrays.fill(subtreeSizes, 1);
        long[] order = new long[size - 1];
        for (int node = size - 1; node > 0; node--) {
            subtreeSizes[tree.parent(node)] += subtreeSizes[node];
            order[node - 1] = (long) tree.parent(node) << 32 | rankOf[tree.frame(node)];
        }
        Arrays.sort(order);

        int[] numbers = new int[size];
        CallTree.Columns columns = new CallTree.Columns(size);
        columns.place(CallTree.ROOT, null, StackTrie.NONE, 0, size);
        columns.count(CallTree.ROOT, self[0], total[0], nanos[0]);
        int parent = StackTrie.NONE;
        int next = 0;
        for (long key : order) {
            if (parent != (int) (key >>> 32)) {
                parent = (int) (key >>> 32);
                next = numbers[parent] + 1;
            }
            int frame = frameByRank[(int) key];
            int node = tree.child(parent, frame);
            numbers[node] = next;
            int end = next + subtreeSizes[node];
            columns.place(next, frames.get(frame), numbers[parent], tree.depth(node), end);
            columns.count(next, self[node], total[node], nanos[node]);
            next = end;
        }
        return new CallTree(columns);
    }

    private int[] framesByName() {
        return IntStream.range(0, frames.size())
                .boxed()
                .sorted(Comparator.comparing(frames::get, BY_NAME))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
