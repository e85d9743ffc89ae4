package jspy.sample;

import jspy.profile.Accuracy;
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
    private boolean waiting; // viewer: an answer is still to come
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
        if (!waiting) {
            waiting = true;
            asked = true;
            drain.wake();
        }
        LiveUpdate answer = answers.poll(millis, TimeUnit.MILLISECONDS);
        waiting = answer == null;
        return answer;
    }

    /** Drain: whether an answer is wanted; says so once. */
    boolean takeRequest() {
        boolean wanted = asked;
        asked = false; // the viewer asks for no second one before it has the first
        return wanted;
    }

    /** Drain: the answer, when all that waited is confirmed. */
    void answer() {
        if (!tally.feed.hasBegun()) {
            tally.feed.begin(tally.logs());
        }
        answers.add(tally.feed.take(accuracy.get()));
    }
}
