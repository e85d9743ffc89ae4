package jspy.unwind;

import java.util.Arrays;

/**
 * One stack of native and Python frames, leaf first. By address: each anchor of the eval loop must
 * lie in exactly one native frame, in order; that frame stands for the Python frames that it runs.
 * By count, where a CPython keeps no anchors (3.10 and older): one activation, one Python frame.
 *
 * <p>Nothing is guessed: what does not fit is {@link #MISMATCH}. Entries are there until the next
 * merge. One thread; allocates only to grow.
 */
public final class Merge {
    /** All anchors found, and the native stack ends at a root. */
    public static final int WHOLE = 0;

    /**
     * The native stack ends before some anchors: behind its frames come {@link #MISSING} and the
     * Python frames that are left.
     */
    public static final int TRUNCATED = 1;

    /** An anchor lies in no frame: not the same moment, or a frame was left out. */
    public static final int MISMATCH = 2;

    /** An entry: native frames are missing here. */
    public static final int MISSING = Integer.MIN_VALUE;

    private int[] entries = new int[256];
    private int count;

    /**
     * Merges by address.
     *
     * @param end what the unwinder said
     * @param pythonFrames all of the thread's
     */
    public int byAddress(Unwinder frames, int end, Anchors anchors, int pythonFrames) {
        count = 0;
        int anchor = 0;
        int python = 0;
        for (int i = 0; i < frames.count(); i++) {
            long from = frames.stackPointer(i);
            long to = i + 1 < frames.count() ? frames.stackPointer(i + 1) : frames.end();
            if (anchor < anchors.count() && anchors.address(anchor) - from < 0) {
                return mismatch(); // below this frame and above the one before: in none
            }
            boolean isLoop = false;
            while (anchor < anchors.count() && anchors.address(anchor) - to < 0) {
                isLoop = true;
                while (python < anchors.pythonEnd(anchor)) {
                    add(~python++);
                }
                anchor++;
            }
            add(i);
            isEvalLoop(i, isLoop);
        }
        boolean isComplete = anchor == anchors.count() && python == pythonFrames;
        if (isComplete && end == UnwindEnd.ROOT) {
            return WHOLE;
        }
        if (end == UnwindEnd.ROOT) {
            return mismatch();
        }
        add(MISSING);
        while (python < pythonFrames) {
            add(~python++);
        }
        return TRUNCATED;
    }

    /**
     * Merges by count.
     *
     * @param isEvalLoop by native frame: whether its code is the eval loop's
     */
    public int byCount(Unwinder frames, int end, boolean[] isEvalLoop, int pythonFrames) {
        count = 0;
        int loops = 0;
        for (int i = 0; i < frames.count(); i++) {
            loops += isEvalLoop[i] ? 1 : 0;
        }
        // the newest activation may not have linked its frame yet, or have unlinked it already
        int surplus = loops - pythonFrames;
        if (surplus > 1 || surplus < 0 && end == UnwindEnd.ROOT) {
            return mismatch();
        }
        int python = 0;
        for (int i = 0; i < frames.count(); i++) {
            boolean isSurplus = surplus == 1 && isEvalLoop[i];
            if (isSurplus) {
                surplus = 0;
            } else if (isEvalLoop[i]) {
                add(~python++);
            }
            add(i);
            isEvalLoop(i, isEvalLoop[i]);
        }
        if (end == UnwindEnd.ROOT) {
            return WHOLE;
        }
        add(MISSING);
        while (python < pythonFrames) {
            add(~python++);
        }
        return TRUNCATED;
    }

    /** Entries of the merged stack. */
    public int count() {
        return count;
    }

    /** A native frame's index; the complement of a Python frame's; or {@link #MISSING}. */
    public int entry(int index) {
        return entries[index];
    }

    /** Whether that native frame runs Python frames. */
    public boolean isEvalLoop(int nativeFrame) {
        return nativeFrame < loops.length && loops[nativeFrame];
    }

    // internals

    private boolean[] loops = new boolean[256];

    private void isEvalLoop(int nativeFrame, boolean isIt) {
        if (nativeFrame >= loops.length) {
            loops = Arrays.copyOf(loops, nativeFrame * 2);
        }
        loops[nativeFrame] = isIt;
    }

    private int mismatch() {
        count = 0;
        return MISMATCH;
    }

    private void add(int entry) {
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, count * 2);
        }
        entries[count++] = entry;
    }
}
