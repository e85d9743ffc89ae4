package jspy.top;

import jspy.profile.Accuracy;
import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.profile.LiveFeed;
import jspy.profile.LiveUpdate;
import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;

import java.util.ArrayList;
import java.util.List;

/** A drain for tests: stacks of one thread or another, 10 ms a sample. */
final class Seen {
    static final long MS = 1_000_000;
    static final long SAMPLE = 10 * MS;

    private final FrameTable frames = new FrameTable();
    private final StackTrie trie = new StackTrie();
    private final LiveFeed feed = new LiveFeed(frames, trie);
    private final List<ThreadLog> threads = new ArrayList<>();
    private long now;
    private long samples;

    Seen() {
        feed.begin(List.of());
    }

    /** One sample of the first thread: {@code function:line}, root first. */
    Seen stack(String... framesOfStack) {
        return stack(0, framesOfStack);
    }

    /** One sample in which only this thread was active. */
    Seen stack(int thread, String... framesOfStack) {
        List<Frame> stack = new ArrayList<>();
        for (String frame : framesOfStack) {
            int colon = frame.lastIndexOf(':');
            int line = Integer.parseInt(frame.substring(colon + 1));
            stack.add(new Frame(frame.substring(0, colon), "/x/a.py", "a.py", line));
        }
        return sample(List.of(thread), stack);
    }

    /** One sample in which these threads were in the same stack. */
    Seen sample(List<Integer> active, List<Frame> stack) {
        int node = StackTrie.ROOT;
        for (Frame frame : stack) {
            node = trie.child(node, frames.intern(frame));
        }
        now += SAMPLE;
        samples++;
        for (int thread : active) {
            feed.stack(thread(thread), node, SAMPLE);
        }
        feed.sample(0, 7, Math.max(1, threads.size()), now, active.isEmpty() ? 0 : SAMPLE);
        return this;
    }

    ThreadLog thread(int number) {
        while (threads.size() <= number) {
            ThreadLog log = ThreadLog.countsOnly(7, 100 + threads.size(), 1);
            log.setName("T" + threads.size());
            threads.add(log);
        }
        return threads.get(number);
    }

    LiveUpdate take() {
        return feed.take(
                Accuracy.builder()
                        .rateAskedHz(100)
                        .samples(samples)
                        .stacks(samples)
                        .proved(samples)
                        .wallNanos(now)
                        .build());
    }
}
