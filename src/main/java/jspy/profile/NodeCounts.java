package jspy.profile;

import java.util.Arrays;

/**
 * How often and for how long each stack was seen: a map from nodes of a {@link StackTrie} to two
 * sums.
 *
 * <p>Sized by the stacks that were seen, not by the trie: a thousand threads cost no more than
 * their own stacks. One drain thread adds; anyone may read once that thread is done.
 */
public final class NodeCounts {
    private static final int FREE = -1;

    /** Open addressing: nodes in slots, in step with the two sums. The length is a power of two. */
    private int[] nodes = freeSlots(16);

    private long[] samples = new long[16];
    private long[] weightsNanos = new long[16];
    private int size;

    public void add(int node, long sampleCount, long weightNanos) {
        int slot = slotOf(node);
        if (nodes[slot] == FREE) {
            if (++size * 2 > nodes.length) {
                grow();
                slot = slotOf(node);
            }
            nodes[slot] = node;
        }
        samples[slot] += sampleCount;
        weightsNanos[slot] += weightNanos;
    }

    /** How often exactly this stack was seen. */
    public long samples(int node) {
        int slot = slotOf(node);
        return nodes[slot] == FREE ? 0 : samples[slot];
    }

    /** The time that the samples of exactly this stack stand for. */
    public long weightNanos(int node) {
        int slot = slotOf(node);
        return nodes[slot] == FREE ? 0 : weightsNanos[slot];
    }

    /** The stacks that were seen, in rising order. */
    public int[] nodes() {
        return Arrays.stream(nodes).filter(node -> node != FREE).sorted().toArray();
    }

    // internals

    private int slotOf(int node) {
        int slot = node * 0x9E3779B9 >>> 7 & nodes.length - 1;
        while (nodes[slot] != node && nodes[slot] != FREE) {
            slot = slot + 1 & nodes.length - 1;
        }
        return slot;
    }

    private void grow() {
        int[] oldNodes = nodes;
        long[] oldSamples = samples;
        long[] oldWeights = weightsNanos;
        nodes = freeSlots(oldNodes.length * 2);
        samples = new long[nodes.length];
        weightsNanos = new long[nodes.length];
        for (int old = 0; old < oldNodes.length; old++) {
            if (oldNodes[old] != FREE) {
                int slot = slotOf(oldNodes[old]);
                nodes[slot] = oldNodes[old];
                samples[slot] = oldSamples[old];
                weightsNanos[slot] = oldWeights[old];
            }
        }
    }

    private static int[] freeSlots(int length) {
        int[] slots = new int[length];
        Arrays.fill(slots, FREE);
        return slots;
    }
}
