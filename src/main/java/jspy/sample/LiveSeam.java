package jspy.sample;

import jspy.profile.Accuracy;
import jspy.profile.LiveFeed;
import jspy.profile.LiveUpdate;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Between the drain thread and one that shows a live view: the one asks with a flag, the other
 * answers when it comes by. The drain never waits.
 */
final class LiveSeam {
    private final Tally tally;
    private final Supplier<Accuracy> accuracy;
    private final BlockingQueue<LiveUpdate> answers = new ArrayBlockingQueue<>(1);
    private volatile boolean asked;

    /**
     * @param accuracy asked on the drain thread
     */
    LiveSeam(Tally tally, Supplier<Accuracy> accuracy) {
        this.tally = tally;
        this.accuracy = accuracy;
    }

    /**
     * Viewer: what was seen since the last call; null when no answer came in time, then the next
     * call has it.
     */
    LiveUpdate next(Drain drain, long millis) throws InterruptedException {
        if (answers.isEmpty()) {
            asked = true;
            drain.wake();
        }
        return answers.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** Drain: whether an answer is wanted; says so once, and only while there is room for one. */
    boolean takeRequest() {
        if (!asked || answers.remainingCapacity() == 0) {
            return false;
        }
        asked = false;
        return true;
    }

    /** Drain: the answer, when all that waited is confirmed. */
    void answer() {
        if (tally.feed == null) {
            long now = System.nanoTime() - tally.startNanos;
            tally.feed = new LiveFeed(tally.frames, tally.trie, tally.logs(), now);
        }
        answers.add(tally.feed.take(accuracy.get()));
    }
}
