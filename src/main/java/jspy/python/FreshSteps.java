package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.WorkingSet;

import java.util.Arrays;

/**
 * The steps of the walk at hand, leaf first, until it has come to its end, or to where the stack is
 * as the last walk left it ({@link StackTrail}): then they go to the thread's stack. One sampler
 * thread; allocates only while it grows.
 */
final class FreshSteps {
    private final WorkingSet set;
    private final FrameWords frame;

    private StackTrail trail;
    private boolean whole; // nothing has gone to the stack before
    private int count;
    private int depth;

    private long[] frames = new long[64];
    private long[] offsets = new long[64]; // of the copies
    private long[] codes = new long[64];
    private int[] instructions = new int[64];
    private boolean[] runs = new boolean[64]; // code; else it is the eval loop's own

    FreshSteps(Offsets.Frame frame, boolean instructionIsPointer, WorkingSet set) {
        this.set = set;
        this.frame = new FrameWords(frame, instructionIsPointer);
    }

    /** A walk of this thread begins, or goes on; {@code compare}: it may join the last one. */
    void begin(ThreadStack thread, boolean compare) {
        trail = thread.trail();
        whole = thread.depth() == 0 && thread.anchors() == 0;
        count = 0;
        depth = 0;
        if (compare && whole) {
            trail.compare(set, frame);
        } else {
            trail.clear();
        }
    }

    /** The step from which on the stack is as it was, or {@link StackTrail#NONE}. */
    int joint(long address) {
        return trail.find(address);
    }

    /** A frame that runs code. */
    void frame(long address, long at, long code, int instruction) {
        add(address, at, true, code, instruction);
        depth++;
    }

    /** A frame of the eval loop's own. */
    void anchor(long address, long at) {
        add(address, at, false, 0, 0);
    }

    /** The walk has come to a step of the last one, from which on everything is as it was. */
    void join(ThreadStack thread, int joint) {
        if (thread.missedMeeting() != 0 && trail.has(thread.missedMeeting(), joint)) {
            thread.mustMeet(0);
        }
        boolean same = count == 0 && trail.isLast(joint);
        thread.rejoin(
                trail.depth() - trail.depth(joint),
                depth,
                trail.depth(joint),
                trail.anchors() - trail.anchors(joint),
                count - depth,
                trail.anchors(joint));
        int frameIndex = 0;
        int anchorIndex = 0;
        for (int i = 0; i < count; i++) {
            if (runs[i]) {
                thread.set(frameIndex++, frames[i], codes[i], instructions[i]);
            } else {
                thread.setAnchor(anchorIndex++, frames[i], frameIndex);
            }
        }
        extendTrail(joint);
        thread.end(ThreadStack.COMPLETE);
        if (same) {
            thread.stayed();
        }
    }

    /** The walk stops here, at its end or before. */
    void flush(ThreadStack thread) {
        for (int i = 0; i < count; i++) {
            if (runs[i]) {
                thread.push(frames[i], codes[i], instructions[i]);
            } else {
                thread.anchor(frames[i]);
            }
        }
        trail.clear();
    }

    /** The walk has come to the bottom; the next one may {@linkplain #join} this one. */
    void finish(ThreadStack thread, boolean remember) {
        int steps = count;
        flush(thread);
        if (remember && whole && thread.status() == ThreadStack.COMPLETE) {
            count = steps;
            extendTrail(StackTrail.NONE);
        }
    }

    // internals

    private void add(long address, long at, boolean runsCode, long code, int instruction) {
        if (count == frames.length) {
            int larger = count * 2;
            frames = Arrays.copyOf(frames, larger);
            offsets = Arrays.copyOf(offsets, larger);
            codes = Arrays.copyOf(codes, larger);
            instructions = Arrays.copyOf(instructions, larger);
            runs = Arrays.copyOf(runs, larger);
        }
        frames[count] = address;
        offsets[count] = at;
        codes[count] = code;
        instructions[count] = instruction;
        runs[count++] = runsCode;
    }

    private void extendTrail(int joint) {
        trail.cut(joint, set.layout());
        for (int i = count - 1; i >= 0; i--) {
            trail.add(frames[i], offsets[i], runs[i], set, frame);
        }
        count = 0;
        depth = 0;
    }
}
