package jspy.sample;

import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;

import java.util.Arrays;

/**
 * A thread as the drain knows it: its last stack, root first, and the node that each prefix of it
 * is in the trie.
 */
final class SampledThread {
    /** The ident of a thread that has no Python. */
    static final long WITHOUT_PYTHON = 0;

    final ThreadLog log;
    final long ident;
    final long hostThreadId;
    boolean named;

    private long[] frames = new long[64];
    private int[] nodes = new int[65]; // nodes[i]: the first i frames
    private int[] codeNodes =
            new int[65]; // the same by code number, among the process's code paths
    private int depth;
    private int base = StackTrie.ROOT;

    SampledThread(ThreadLog log, long ident, long hostThreadId) {
        this.log = log;
        this.ident = ident;
        this.hostThreadId = hostThreadId;
    }

    int depth() {
        return depth;
    }

    /** Keeps so many frames at the root and drops the rest. */
    void keep(int kept) {
        depth = Math.min(kept, depth);
    }

    /** Puts a frame on top. */
    void push(long frame) {
        if (depth == frames.length) {
            frames = Arrays.copyOf(frames, depth * 2);
            nodes = Arrays.copyOf(nodes, depth * 2 + 1);
            codeNodes = Arrays.copyOf(codeNodes, depth * 2 + 1);
        }
        frames[depth++] = frame;
    }

    /**
     * The node of the whole stack.
     *
     * @param newBase the node on which the stack stands: the root, or a mark that says that the
     *     root was not reached
     * @param changedFrom the first frame whose node is not known yet
     */
    int node(StackTrie trie, StackTrie codePaths, FrameNames names, int newBase, int changedFrom) {
        int from = newBase == base ? changedFrom : 0;
        base = newBase;
        nodes[0] = newBase;
        boolean underPython = ident == WITHOUT_PYTHON || hasPython(from);
        for (int i = from; i < depth; i++) {
            if (NativeRecord.isNative(frames[i])) {
                pushNative(trie, codePaths, names, underPython, i);
                continue;
            }
            underPython = true;
            int frame = names.frame(frames[i]);
            boolean hidden = frame == FrameNames.HIDDEN;
            int code = SampleRecord.codeNumber(frames[i]);
            nodes[i + 1] = hidden ? nodes[i] : trie.child(nodes[i], frame);
            // one that passes was right in its sample, and is never asked for
            int guarded = PassingNumbers.has(code) ? CodeTable.UNREADABLE : code;
            codeNodes[i + 1] = hidden ? codeNodes[i] : codePaths.child(codeNodes[i], guarded);
        }
        return nodes[depth];
    }

    /** The code numbers of the stack, as a node of the process's code paths. */
    int codeNode() {
        return codeNodes[depth];
    }

    /** Tells the guard which codes the stack uses. */
    void use(CodeGuard guard) {
        for (int i = 0; i < depth; i++) {
            if (!NativeRecord.isNative(frames[i])) {
                guard.use(SampleRecord.codeNumber(frames[i]));
            }
        }
    }

    /** Whether a frame could not be read. */
    boolean hasUnreadable(FrameNames names) {
        for (int i = 0; i < depth; i++) {
            if (SampleRecord.codeNumber(frames[i]) == CodeTable.UNREADABLE) {
                return true;
            }
        }
        return false;
    }

    // internals

    /** Whether there is a Python frame among the first ones. */
    private boolean hasPython(int first) {
        for (int i = 0; i < first; i++) {
            if (!NativeRecord.isNative(frames[i])) {
                return true;
            }
        }
        return false;
    }

    /** Puts what a native frame is shown as on the node of the frames before it. */
    private void pushNative(
            StackTrie trie, StackTrie codePaths, FrameNames names, boolean underPython, int index) {
        int[] shown = names.natives(frames[index], underPython);
        int node = nodes[index];
        int codeNode = codeNodes[index];
        for (int frame : shown) {
            if (names.isState(frame) && isOn(trie, node, frame)) {
                continue;
            }
            node = trie.child(node, frame);
            codeNode = codePaths.child(codeNode, CodeTable.UNREADABLE);
        }
        nodes[index + 1] = node;
        codeNodes[index + 1] = codeNode;
    }

    private static boolean isOn(StackTrie trie, int leaf, int frame) {
        for (int node = leaf; node != StackTrie.ROOT; node = trie.parent(node)) {
            if (trie.frame(node) == frame) {
                return true;
            }
        }
        return false;
    }
}
