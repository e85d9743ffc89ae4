package jspy.python;

/**
 * How much of a stack, from the root up, need not be looked at again: it is as it was when it was
 * sent, and its code objects have their numbers for good. Sampler thread.
 */
public final class KnownFrames {
    private int sent; // frames that are as they were when the stack was sent
    private int settled; // frames whose codes have their numbers until the table changes
    private int sentBefore; // the same at the walk's beginning
    private int settledBefore;
    private int tableChanges; // of the code table when they had

    /** Frames at the root whose code objects have their numbers until the code table changes. */
    public int settled() {
        return settled;
    }

    /** The code objects of so many frames at the root have their numbers for good. */
    public void settle(int framesAtRoot) {
        settled = framesAtRoot;
    }

    /** Frames at the root that are, with their numbers, as they were {@linkplain #sent sent}. */
    public int asSent() {
        return Math.min(sent, settled);
    }

    /** The stack was sent as it is now; else, {@code whole} false, no part of it is known to be. */
    public void sent(boolean whole) {
        sent = whole ? settled : 0;
    }

    // told by the stack

    void begin() {
        sentBefore = sent;
        settledBefore = settled;
        forget();
    }

    /** So many frames at the root are as the walk before left them. */
    void keep(int frames) {
        sent = Math.min(sentBefore, frames);
        settled = Math.min(settledBefore, frames);
    }

    /** Whether the code table has changed, so that no number is certain any more. */
    boolean isOutdated(int changes) {
        if (tableChanges == changes) {
            return false;
        }
        tableChanges = changes;
        forget();
        return true;
    }

    /** Nothing is known. */
    void forget() {
        sent = 0;
        settled = 0;
    }
}
