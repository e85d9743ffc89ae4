package jspy.profile;

import java.util.Arrays;

/**
 * All distinct stacks of a profile as one tree: a node is a stack, its parent the stack without the
 * leaf.
 *
 * <p>Frames are ids of a {@link FrameTable}. A parent's number is always lower than its children's,
 * so that a sweep over the numbers, up or down, takes the place of recursion. One drain thread
 * inserts; anyone may read once that thread is done. Nothing is allocated but when the tree doubles
 * ({@code StackTrieBenchmark}).
 */
public final class StackTrie {
    /** The empty stack. */
    public static final int ROOT = 0;

    /** What {@link #frame} and {@link #parent} say of the root. */
    public static final int NONE = -1;

    private static final int FIRST_CAPACITY = 1024;

    private int[] parents = new int[FIRST_CAPACITY];
    private int[] frames = new int[FIRST_CAPACITY];
    private int[] depths = new int[FIRST_CAPACITY];

    /**
     * Open addressing by (parent, frame): nodes, or 0 for a free slot, as the root is nobody's
     * child.
     */
    private int[] slots = new int[FIRST_CAPACITY * 2];

    private int size = 1;

    public StackTrie() {
        parents[ROOT] = NONE;
        frames[ROOT] = NONE;
    }

    /** The stack that calls {@code frameId} from {@code parent}: found, or inserted. */
    public int child(int parent, int frameId) {
        if (parent < 0 || parent >= size || frameId < 0) {
            throw new IndexOutOfBoundsException(
                    "no child: parent " + parent + " of " + size + " stacks, frame " + frameId);
        }
        int slot = slotOf(parent, frameId);
        for (int node; (node = slots[slot]) != 0; slot = slot + 1 & slots.length - 1) {
            if (parents[node] == parent && frames[node] == frameId) {
                return node;
            }
        }
        return insert(slot, parent, frameId);
    }

    /** The leaf's frame id; {@link #NONE} for the root. */
    public int frame(int node) {
        return frames[checked(node)];
    }

    /** The stack without its leaf; {@link #NONE} for the root. */
    public int parent(int node) {
        return parents[checked(node)];
    }

    /** How many frames the stack has; 0 for the root. */
    public int depth(int node) {
        return depths[checked(node)];
    }

    /**
     * How many stacks there are, the root and all prefixes included: nodes are 0 to {@code size() -
     * 1}.
     */
    public int size() {
        return size;
    }

    // internals

    private int checked(int node) {
        if (node >= size) {
            throw new IndexOutOfBoundsException("no stack " + node + " of " + size);
        }
        return node;
    }

    private int insert(int slot, int parent, int frameId) {
        int node = size;
        if (node == parents.length) {
            int capacity = node * 2;
            parents = Arrays.copyOf(parents, capacity);
            frames = Arrays.copyOf(frames, capacity);
            depths = Arrays.copyOf(depths, capacity);
            rehash(capacity * 2);
            slot = freeSlotOf(parent, frameId);
        }
        parents[node] = parent;
        frames[node] = frameId;
        depths[node] = depths[parent] + 1;
        slots[slot] = node;
        size = node + 1;
        return node;
    }

    private void rehash(int length) {
        slots = new int[length];
        for (int node = 1; node < size; node++) {
            slots[freeSlotOf(parents[node], frames[node])] = node;
        }
    }

    private int freeSlotOf(int parent, int frameId) {
        int slot = slotOf(parent, frameId);
        while (slots[slot] != 0) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private int slotOf(int parent, int frameId) {
        long hash = (parent * 0x9E3779B97F4A7C15L) ^ (frameId * 0xC2B2AE3D27D4EB4FL);
        return (int) (hash >>> 32 ^ hash >>> 15) & slots.length - 1;
    }
}
