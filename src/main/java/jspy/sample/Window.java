package jspy.sample;

import jspy.profile.LiveFeed;
import jspy.profile.ThreadLog;

import java.util.Arrays;

/**
 * Stacks that wait until the {@link CodeGuard} has confirmed their code objects. Drain thread;
 * grows, then allocates nothing.
 */
final class Window {
    private ThreadLog[] logs = new ThreadLog[256];
    private int[] nodes = new int[256];
    private int[] codeNodes = new int[256];
    private long[] times = new long[256];
    private long[] weights = new long[256];
    private int count;

    void add(ThreadLog log, int node, int codeNode, long timeNanos, long weightNanos) {
        if (count == nodes.length) {
            logs = Arrays.copyOf(logs, count * 2);
            nodes = Arrays.copyOf(nodes, count * 2);
            codeNodes = Arrays.copyOf(codeNodes, count * 2);
            times = Arrays.copyOf(times, count * 2);
            weights = Arrays.copyOf(weights, count * 2);
        }
        logs[count] = log;
        nodes[count] = node;
        codeNodes[count] = codeNode;
        times[count] = timeNanos;
        weights[count++] = weightNanos;
    }

    int count() {
        return count;
    }

    int node(int index) {
        return nodes[index];
    }

    int codeNode(int index) {
        return codeNodes[index];
    }

    void rename(int index, int node) {
        nodes[index] = node;
    }

    /** Hands everything to the logs and to the feed. */
    void flush(LiveFeed feed) {
        for (int i = 0; i < count; i++) {
            logs[i].append(nodes[i], times[i], weights[i]);
            feed.stack(logs[i], nodes[i], weights[i]);
        }
        count = 0;
    }
}
