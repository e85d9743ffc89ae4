package jspy.python;

import jspy.layout.Offsets;
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
    private long[] offsets = new long[32];
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
    void compare(WorkingSet set, Offsets.Frame frame, boolean instructionIsPointer) {
        unchanged = 0;
        if (layout == 0 || layout != set.layout()) {
            return;
        }
        long previous = frame.previous();
        long code = frame.code();
        long instruction = frame.instruction();
        long owner = frame.owner();
        long below = 0;
        int step = 0;
        for (; step < count; step++) {
            long at = offsets[step];
            if (set.getLong(at + previous) != below
                    || owner >= 0 && set.getByte(at + owner) != owners[step]) {
                break;
            }
            if (runs[step]
                    && (set.getLong(at + code) != codes[step]
                            || instruction(set, at + instruction, instructionIsPointer)
                                    != instructions[step])) {
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

    /** A step above the last one, its words as they are in the frame. */
    void add(long frame, long at, boolean runsCode, long code, long instruction, byte owner) {
        if (count == frames.length) {
            int larger = count * 2;
            frames = Arrays.copyOf(frames, larger);
            offsets = Arrays.copyOf(offsets, larger);
            codes = Arrays.copyOf(codes, larger);
            instructions = Arrays.copyOf(instructions, larger);
            owners = Arrays.copyOf(owners, larger);
            runs = Arrays.copyOf(runs, larger);
            depths = Arrays.copyOf(depths, larger);
        }
        depths[count] = depth() + (runsCode ? 1 : 0);
        runs[count] = runsCode;
        frames[count] = frame;
        offsets[count] = at;
        codes[count] = code;
        instructions[count] = instruction;
        owners[count++] = owner;
    }

    /** The word of a frame that says which instruction it runs. */
    static long instruction(WorkingSet set, long at, boolean isPointer) {
        return isPointer ? set.getLong(at) : set.getInt(at);
    }
}
