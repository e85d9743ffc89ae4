package jspy.output;

import jspy.profile.CallTree;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Chooses what of a call tree is drawn, and where: a browser is slow above some 5,000 frames, and
 * nobody reads more.
 *
 * <p>Left out are frames narrower than 0.1 % of the whole; in a tree that is too deep or too large
 * also the middle of long chains in which each frame only calls the next, then what lies below the
 * last row, then the narrowest. Each leaves a box behind that says how many frames it stands for,
 * so that no gap looks like time in the caller.
 *
 * <p>Units: samples across, rows down, the root in row 0. One thread, one use.
 */
final class FlameGraphLayout {
    static final int MAX_FRAMES = 4_000;
    static final int MAX_FOLDS = 1_000;
    static final int MAX_ROWS = 200;

    /** Frames narrower than the whole divided by this are folded: 0.1 %. */
    private static final int NARROWEST = 1_000;

    /** What is left of a chain at either end. */
    private static final int CHAIN_ENDS = 4;

    /** A shorter middle is not worth a box that says so. */
    private static final int SHORTEST_FOLD = 8;

    private static final int NONE = -1;

    /** What a box stands for. */
    enum Kind {
        /** One node of the tree. */
        FRAME,
        /** The middle of a chain: {@code folded} nodes from {@code node} on. */
        CHAIN,
        /** Callees of {@code node} that are too narrow, with all below them. */
        NARROW,
        /** All below {@code node}, as there are too many rows. */
        BELOW
    }

    /**
     * A rectangle of the graph.
     *
     * @param folded how many nodes of the tree a fold stands for, 0 for a frame
     */
    record Box(Kind kind, int node, int row, long start, long samples, int folded) {}

    private final CallTree tree;
    private final long narrowest;

    /** Frames and chains as the tree is read, and for each the place of its caller in this list. */
    private final List<Box> boxes = new ArrayList<>();

    private final List<Integer> callers = new ArrayList<>();

    private FlameGraphLayout(CallTree tree) {
        this.tree = tree;
        narrowest = Math.max(1, Math.ceilDiv(tree.totalSamples(CallTree.ROOT), NARROWEST));
    }

    /** The boxes as one reads the tree: each before those below it, from left to right. */
    static List<Box> of(CallTree tree) {
        FlameGraphLayout layout = new FlameGraphLayout(tree);
        layout.place(false);
        if (!layout.fits()) {
            layout.place(true);
        }
        boolean[] drawn = layout.drawn();
        List<Box> all = layout.folds(drawn);
        IntStream.range(0, drawn.length)
                .filter(i -> drawn[i])
                .forEach(i -> all.add(layout.boxes.get(i)));
        all.sort(Comparator.comparingLong(Box::start).thenComparingInt(Box::row));
        return all;
    }

    // internals

    private void place(boolean foldChains) {
        boxes.clear();
        callers.clear();
        int[] boxOf = new int[tree.size()];
        long[] nextStart = new long[tree.size()];
        int foldFrom = NONE;
        int foldTo = NONE;
        int node = CallTree.ROOT;
        while (node < tree.size()) {
            if (node != CallTree.ROOT && tree.totalSamples(node) < narrowest) {
                node = tree.end(node);
                continue;
            }
            if (foldChains && isChainHead(node)) {
                int length = chainLength(node);
                if (length - 2 * CHAIN_ENDS >= SHORTEST_FOLD) {
                    foldFrom = node + CHAIN_ENDS;
                    foldTo = node + length - CHAIN_ENDS;
                }
            }
            int folded = node == foldFrom ? foldTo - foldFrom : 0;
            int caller = node == CallTree.ROOT ? NONE : boxOf[tree.parent(node)];
            long start = node == CallTree.ROOT ? 0 : nextStart[tree.parent(node)];
            if (node != CallTree.ROOT) {
                nextStart[tree.parent(node)] += tree.totalSamples(node);
            }
            int last = folded == 0 ? node : foldTo - 1;
            boxOf[last] = boxes.size();
            nextStart[last] = start;
            Kind kind = folded == 0 ? Kind.FRAME : Kind.CHAIN;
            int row = caller == NONE ? 0 : boxes.get(caller).row() + 1;
            boxes.add(new Box(kind, node, row, start, tree.totalSamples(node), folded));
            callers.add(caller);
            node = last + 1;
        }
    }

    private boolean fits() {
        return boxes.size() <= MAX_FRAMES && boxes.stream().allMatch(box -> box.row() < MAX_ROWS);
    }

    /** Whether the node begins a run of nodes that each do nothing but call the next. */
    private boolean isChainHead(int node) {
        return node == CallTree.ROOT || tree.parent(node) != node - 1 || !isLink(node - 1);
    }

    private int chainLength(int head) {
        int length = 1;
        while (isLink(head + length - 1)) {
            length++;
        }
        return length;
    }

    /** Whether the node has one child, just as wide; it is the node after it. */
    private boolean isLink(int node) {
        return node + 1 < tree.end(node) && tree.totalSamples(node + 1) == tree.totalSamples(node);
    }

    /**
     * The widest boxes, the upper ones where they are equal: so no box is drawn without its caller.
     */
    private boolean[] drawn() {
        boolean[] drawn = new boolean[boxes.size()];
        IntStream.range(0, drawn.length)
                .filter(i -> boxes.get(i).row() < MAX_ROWS)
                .boxed()
                .sorted(
                        Comparator.comparingLong((Integer i) -> -boxes.get(i).samples())
                                .thenComparingInt(i -> boxes.get(i).row())
                                .thenComparingInt(i -> i))
                .limit(MAX_FRAMES)
                .forEach(i -> drawn[i] = true);
        return drawn;
    }

    /** For each drawn box what of its callees is not drawn, to the right of those that are. */
    private List<Box> folds(boolean[] drawn) {
        long[] samplesBelow = new long[drawn.length];
        int[] nodesBelow = new int[drawn.length];
        for (int i = 1; i < drawn.length; i++) {
            if (drawn[i]) {
                int node = boxes.get(i).node();
                samplesBelow[callers.get(i)] += tree.totalSamples(node);
                nodesBelow[callers.get(i)] += tree.end(node) - node;
            }
        }
        List<Box> folds = new ArrayList<>();
        for (int i = 0; i < drawn.length; i++) {
            Box box = boxes.get(i);
            int node = box.node() + Math.max(0, box.folded() - 1);
            long samples = tree.totalSamples(node) - tree.selfSamples(node) - samplesBelow[i];
            if (drawn[i] && samples >= narrowest) {
                int folded = tree.end(node) - node - 1 - nodesBelow[i];
                Kind kind = box.row() == MAX_ROWS - 1 ? Kind.BELOW : Kind.NARROW;
                long start = box.start() + samplesBelow[i];
                folds.add(new Box(kind, node, box.row() + 1, start, samples, folded));
            }
        }
        folds.sort(Comparator.comparingLong(fold -> -fold.samples()));
        return new ArrayList<>(folds.subList(0, Math.min(folds.size(), MAX_FOLDS)));
    }
}
