package jspy.top;

import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.profile.StackTrie;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which row a frame belongs to, and where on a stack a row comes for the first time. */
final class RowIndex {
    private final Grain grain;
    private final FrameTable frames;
    private final StackTrie trie;
    private final Map<Frame, Integer> rows = new HashMap<>();
    private final List<Frame> keys = new ArrayList<>();

    private int[] rowOfFrame = new int[256];
    private int framesKnown;
    private boolean[] outermost = new boolean[1024]; // by node
    private int nodesKnown = 1;

    RowIndex(Grain grain, FrameTable frames, StackTrie trie) {
        this.grain = grain;
        this.frames = frames;
        this.trie = trie;
    }

    /** Takes in what the table and the tree have grown by. */
    void update() {
        rowOfFrame = Arrays.copyOf(rowOfFrame, Math.max(rowOfFrame.length, frames.size() * 2));
        for (; framesKnown < frames.size(); framesKnown++) {
            rowOfFrame[framesKnown] = rowOf(grain.key(frames.get(framesKnown)));
        }
        if (trie.size() > outermost.length) {
            outermost = Arrays.copyOf(outermost, trie.size() * 2);
        }
        for (; nodesKnown < trie.size(); nodesKnown++) {
            outermost[nodesKnown] = !isAbove(row(nodesKnown), trie.parent(nodesKnown));
        }
    }

    int size() {
        return keys.size();
    }

    /** The names of a row; the line of a function is 0. */
    Frame key(int row) {
        return keys.get(row);
    }

    /** The row of a stack's leaf. */
    int row(int node) {
        return rowOfFrame[trie.frame(node)];
    }

    int rowOfFrame(int frame) {
        return rowOfFrame[frame];
    }

    /** Whether the row of a stack's leaf is nowhere else on that stack. */
    boolean isOutermost(int node) {
        return outermost[node];
    }

    // internals

    private int rowOf(Frame key) {
        Integer known = rows.get(key);
        if (known == null) {
            known = keys.size();
            rows.put(key, known);
            keys.add(key);
        }
        return known;
    }

    private boolean isAbove(int row, int node) {
        for (int at = node; at != StackTrie.ROOT; at = trie.parent(at)) {
            if (row(at) == row) {
                return true;
            }
        }
        return false;
    }
}
