package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

final class CallTreeTest {
    @Test
    void stackTenThousandDeepIsTree() {
        FrameTable frames = new FrameTable();
        StackTrie stacks = new StackTrie();
        int frame = frames.intern(new Frame("f", "a.py", "a.py", 1));
        int node = StackTrie.ROOT;
        for (int i = 0; i < 10_000; i++) {
            node = stacks.child(node, frame);
        }
        ThreadLog thread = ThreadLog.countsOnly(1, 1, 1);
        thread.append(node, 0, 3);
        CallTree tree = CallTree.of(profile(frames, stacks, thread));
        assertEquals(10_000, tree.maxDepth());
        assertEquals(1, tree.selfSamples(10_000));
        assertEquals(3, tree.totalNanos(CallTree.ROOT));
    }

    @Test
    void whatLooksTheSameBecomesOne() {
        FrameTable frames = new FrameTable();
        StackTrie stacks = new StackTrie();
        ThreadLog thread = ThreadLog.countsOnly(1, 1, 1);
        for (String file : List.of("/x/a.py", "/y/a.py")) {
            int frame = frames.intern(new Frame("f", file, "a.py", 1));
            thread.append(stacks.child(StackTrie.ROOT, frame), 0, 1);
        }
        Profile profile = profile(frames, stacks, thread);
        assertEquals(3, CallTree.of(profile).size());
        assertEquals(2, CallTree.of(profile, frame -> Frame.group(frame.label())).size());
    }

    private static Profile profile(FrameTable frames, StackTrie stacks, ThreadLog thread) {
        return new Profile(
                "0",
                List.of(),
                Instant.EPOCH,
                0,
                frames,
                stacks,
                List.of(thread),
                Accuracy.builder().build(),
                List.of(),
                false,
                false);
    }
}
