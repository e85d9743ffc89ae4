package jspy.python;

import jspy.memory.WorkingSet;

import java.util.Arrays;

/**
 * The steps that the last whole walk of a thread took, root first, and where in the copies each
 * frame lay. As long as the copies are laid out the same way the next walk compares three words a
 * frame instead of looking the frame up: most of a stack is as it was.
 *
 * <p>A frame that has the same words as before, and whose older frames have too, is the same frame
 * in the same place: the comparison goes from the root up, so that each link is checked. One
 * sampler thread; allocates only while it grows.
 */
final class StackTrail {
    /** {@link #find}: none of them. */
    static final int NONE = -1;

    /** How far from where stacks part it is looked for: a walk comes by there. */
    private static final int NEAR_STEPS = 8;

    private long layout; // of the copies, 0: no trail
    private int count;
    private int unchanged; // steps at the root that are as before

    private long[] frames = new long[32];
    private int[] places = new int[32]; // in the words of the copies
    private long[] codes = new long[32]; // the words as they are in the frames
    private long[] instructions = new long[32];
    private byte[] owners = new byte[32];
    private boolean[] runs = new boolean[32]; // code; else it is the eval loop's own
    private int[] depths = new int[32]; // frames of code up to here, from the root

    /** There is none. */
    void clear() {
        layout = 0;
        count = 0;
        unchanged = 0;
    }

    /** The frames of code that all of it has. */
    int depth() {
        return count == 0 ? 0 : depths[count - 1];
    }

    int anchors() {
        return count - depth();
    }

    /** The frames of code from the root up to that step. */
    int depth(int step) {
        return depths[step];
    }

    int anchors(int step) {
        return step + 1 - depths[step];
    }

    boolean isLast(int step) {
        return step == count - 1;
    }

    /** Finds out how much of it is as before; nothing where the copies lie elsewhere. */
    void compare(WorkingSet set, FrameWords frame) {
        unchanged = 0;
        if (layout == 0 || layout != set.layout()) {
            return;
        }
        long[] words = set.words();
        long below = 0;
        int step = 0;
        for (; step < count; step++) {
            int at = places[step];
            if (words[at + frame.previous] != below
                    || (byte) (words[at + frame.owner] >>> frame.ownerBits) != owners[step]) {
                break;
            }
            if (runs[step]
                    && (words[at + frame.code] != codes[step]
                            || frame.instruction(words, at) != instructions[step])) {
                break;
            }
            below = frames[step];
        }
        unchanged = step;
    }

    /** Of the steps that are as before the one of this frame, or {@link #NONE}. */
    int find(long frame) {
        int last = Math.max(0, unchanged - NEAR_STEPS);
        for (int step = unchanged - 1; step >= last; step--) {
            if (frames[step] == frame) {
                return step;
            }
        }
        return NONE;
    }

    /** Whether a frame is among the steps up to that one. */
    boolean has(long frame, int lastStep) {
        for (int step = 0; step <= lastStep; step++) {
            if (frames[step] == frame) {
                return true;
            }
        }
        return false;
    }

    /** What comes above that step, {@link #NONE} for all of it, is taken off. */
    void cut(int step, long newLayout) {
        layout = newLayout;
        count = step + 1;
    }

    /** A step above the last one, whose copy lies at that offset. */
    void add(long address, long offset, boolean runsCode, WorkingSet set, FrameWords frame) {
        if (count == frames.length) {
            int larger = count * 2;
            frames = Arrays.copyOf(frames, larger);
            places = Arrays.copyOf(places, larger);
            codes = Arrays.copyOf(codes, larger);
            instructions = Arrays.copyOf(instructions, larger);
            owners = Arrays.copyOf(owners, larger);
            runs = Arrays.copyOf(runs, larger);
            depths = Arrays.copyOf(depths, larger);
        }
        int at = set.word(offset);
        if (at < 0 || !frame.areWords) {
            layout = 0; // of use to nobody
            at = 0;
        }
        long[] words = set.words();
        depths[count] = depth() + (runsCode ? 1 : 0);
        frames[count] = address;
        places[count] = at;
        runs[count] = runsCode;
        codes[count] = layout == 0 ? 0 : words[at + frame.code];
        instructions[count] = layout == 0 ? 0 : frame.instruction(words, at);
        owners[count++] = layout == 0 ? 0 : (byte) (words[at + frame.owner] >>> frame.ownerBits);
    }
}
