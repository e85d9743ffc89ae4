package jspy.sample;

import jspy.python.GilWords;

/**
 * When the GIL's holder may be read alone. A thread cannot run Python without taking the GIL, which
 * changes who held it last and how often it changed hands; while those words stand, the stacks of
 * all other threads are what they were in the last proved reading of them all. One sampler thread.
 */
final class HolderAlone {
    /** With fewer threads reading all of them costs no more than looking whether it is needed. */
    private static final int MIN_THREADS = 3;

    /** All threads are read again after so many samples, whatever the GIL's words say. */
    private static final int MAX_SAMPLES_SINCE_WHOLE = 100;

    /**
     * Where the GIL changes hands all the time, the holder alone is tried every so many samples.
     */
    private static final int MAX_PAUSE = 63;

    private boolean wholeProved;
    private long holder;
    private long switches;
    private int samplesSinceWhole;
    private int pause; // samples before the holder alone is tried again
    private int lastPause;

    /** Whether to read the holder alone, as far as the words say that were read last. */
    boolean isEnough(GilWords gil, int threads) {
        if (!wholeProved
                || threads < MIN_THREADS
                || gil.lastHolder() != holder
                || gil.switches() != switches
                || ++samplesSinceWhole > MAX_SAMPLES_SINCE_WHOLE) {
            return false;
        }
        return pause == 0 || pause-- == 0;
    }

    /**
     * All threads were proved at the moment of these words.
     *
     * @param usable whether every stack was whole, and the holder's among them
     */
    void provedWhole(GilWords gil, boolean usable) {
        wholeProved = usable;
        holder = gil.lastHolder();
        switches = gil.switches();
        samplesSinceWhole = 0;
    }

    void provedAlone() {
        lastPause = 0;
    }

    void failed() {
        wholeProved = false;
    }

    /**
     * Whether the GIL changed hands since all were proved: then the holder alone says too little.
     */
    boolean isOverrun(GilWords gil) {
        if (gil.switches() == switches) {
            return false;
        }
        lastPause = Math.min(MAX_PAUSE, lastPause * 2 + 1);
        pause = lastPause;
        return true;
    }
}
