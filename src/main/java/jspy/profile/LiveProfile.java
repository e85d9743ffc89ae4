package jspy.profile;

import jspy.profile.LiveUpdate.ThreadPart;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of what the drain thread has, kept up to date by {@link LiveUpdate}s: all since the start
 * or the last {@link #reset}, and apart from it the last period. One thread.
 *
 * <p>Frames and stacks have the numbers that they have at the drain, as they come in that order.
 */
public final class LiveProfile {
    private final FrameTable frames = new FrameTable();
    private final StackTrie trie = new StackTrie();
    private final List<LiveThread> threads = new ArrayList<>();

    private LiveUpdate last;
    private long spanNanos; // since the start or the last reset
    private long stackNanos;

    /** A thread: what it did since the start, and in the last period. */
    public static final class LiveThread {
        private final ThreadLog log;
        private NodeCounts sums = new NodeCounts();
        private NodeCounts period = new NodeCounts();

        private LiveThread(ThreadPart part) {
            log = ThreadLog.countsOnly(part.pid(), part.nativeThreadId(), part.ident());
        }

        /** Its numbers and its name; the counts in it are those since the start. */
        public ThreadLog log() {
            return log;
        }

        public NodeCounts sums() {
            return sums;
        }

        public NodeCounts period() {
            return period;
        }
    }

    /** What came since the update before becomes the last period. */
    public void apply(LiveUpdate update) {
        update.frames().forEach(frames::intern);
        for (int i = 0; i < update.parents().length; i++) {
            trie.child(update.parents()[i], update.leaves()[i]);
        }
        threads.forEach(thread -> thread.period = new NodeCounts());
        for (ThreadPart part : update.stacks()) {
            LiveThread thread = thread(part);
            if (part.name() != null) {
                thread.log.setName(part.name());
            }
            for (int i = 0; i < part.nodes().length; i++) {
                thread.log.addAll(part.nodes()[i], part.samples()[i], part.nanos()[i]);
                thread.sums.add(part.nodes()[i], part.samples()[i], part.nanos()[i]);
                thread.period.add(part.nodes()[i], part.samples()[i], part.nanos()[i]);
            }
        }
        spanNanos += update.spanNanos();
        stackNanos += update.stackNanos();
        last = update;
    }

    /** The sums begin again; what was recorded stays in {@link #profile}. */
    public void reset() {
        threads.forEach(thread -> thread.sums = new NodeCounts());
        spanNanos = 0;
        stackNanos = 0;
    }

    /** The last update; null before there is one. */
    public LiveUpdate last() {
        return last;
    }

    public FrameTable frames() {
        return frames;
    }

    public StackTrie trie() {
        return trie;
    }

    /** All that were ever seen, in the order in which they were. */
    public List<LiveThread> threads() {
        return List.copyOf(threads);
    }

    /** Sampled time since the start or the last reset, by the clock. */
    public long spanNanos() {
        return spanNanos;
    }

    /** The same, summed over the threads that count. */
    public long stackNanos() {
        return stackNanos;
    }

    /** All that was recorded so far. It shares its parts with this: write it before going on. */
    public Profile profile(String version, List<Target> targets, Instant start) {
        Accuracy accuracy = last == null ? Accuracy.builder().build() : last.accuracy();
        return new Profile(
                version,
                targets,
                start,
                accuracy.wallNanos(),
                frames,
                trie,
                threads.stream().map(LiveThread::log).toList(),
                accuracy,
                List.of(),
                false,
                targets.size() > 1);
    }

    // internals

    private LiveThread thread(ThreadPart part) {
        for (LiveThread thread : threads) {
            ThreadLog log = thread.log;
            if (log.pid() == part.pid()
                    && log.nativeThreadId() == part.nativeThreadId()
                    && log.ident() == part.ident()) {
                return thread;
            }
        }
        LiveThread thread = new LiveThread(part);
        threads.add(thread);
        return thread;
    }
}
