package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

final class CallTreeProperties {
    private final FrameTable frames = new FrameTable();
    private final StackTrie stacks = new StackTrie();

    @Property(tries = 200)
    void treeSaysWhatNaiveCountingSays(
            @ForAll @Size(max = 4)
                    List<@Size(max = 60) List<@Size(max = 8) List<@IntRange(max = 6) Integer>>>
                            threads,
            @ForAll boolean threadFrames,
            @ForAll boolean processFrames) {
        List<ThreadLog> logs = new ArrayList<>();
        Map<String, Long> naive = new TreeMap<>();
        for (int thread = 0; thread < threads.size(); thread++) {
            ThreadLog log = ThreadLog.countsOnly(1 + thread % 2, 10 + thread, 0);
            log.setName("t" + thread);
            logs.add(log);
            String groups =
                    (processFrames ? ";process " + log.pid() + ":\"p\"" : "")
                            + (threadFrames ? ";thread (" + (10 + thread) + "): t" + thread : "");
            for (List<Integer> stack : threads.get(thread)) {
                int node = StackTrie.ROOT;
                StringBuilder line = new StringBuilder(groups);
                for (int function : stack) {
                    Frame frame = new Frame("f" + function, "/a.py", "a.py", 1);
                    node = stacks.child(node, frames.intern(frame));
                    line.append(';').append(frame.label());
                }
                log.append(node, 0, 5);
                naive.merge(line.toString(), 1L, Long::sum);
            }
        }
        CallTree tree = CallTree.of(profile(logs, threadFrames, processFrames));
        assertEquals(naive, counted(tree));
        checkSums(tree);
    }

    private Profile profile(List<ThreadLog> logs, boolean threadFrames, boolean processFrames) {
        return new Profile(
                "0",
                List.of(new Target(1, "p", "3", "p"), new Target(2, "p", "3", "p")),
                Instant.EPOCH,
                0,
                frames,
                stacks,
                logs,
                Accuracy.builder().build(),
                List.of(),
                threadFrames,
                processFrames);
    }

    private static Map<String, Long> counted(CallTree tree) {
        Map<String, Long> counted = new TreeMap<>();
        String[] lines = new String[tree.size()];
        for (int node = 0; node < tree.size(); node++) {
            lines[node] =
                    node == 0 ? "" : lines[tree.parent(node)] + ";" + tree.frame(node).label();
            if (tree.selfSamples(node) > 0) {
                counted.put(lines[node], tree.selfSamples(node));
            }
        }
        return counted;
    }

    private static void checkSums(CallTree tree) {
        for (int node = 0; node < tree.size(); node++) {
            long total = tree.selfSamples(node);
            Frame last = null;
            for (int child = node + 1; child < tree.end(node); child = tree.end(child)) {
                assertEquals(node, tree.parent(child));
                assertEquals(tree.depth(node) + 1, tree.depth(child));
                assertTrue(last == null || last.label().compareTo(tree.frame(child).label()) < 0);
                last = tree.frame(child);
                total += tree.totalSamples(child);
            }
            assertEquals(total, tree.totalSamples(node));
            assertEquals(total * 5, tree.totalNanos(node));
        }
    }
}
