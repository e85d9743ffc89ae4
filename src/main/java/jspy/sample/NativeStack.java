package jspy.sample;

import jspy.layout.Offsets;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;
import jspy.unwind.Anchors;
import jspy.unwind.Merge;
import jspy.unwind.NativeCode;
import jspy.unwind.NativeModules;
import jspy.unwind.NativeNames;
import jspy.unwind.NativeStackReader;
import jspy.unwind.StackCopy;
import jspy.unwind.Unwinder;

/**
 * Puts the native and the Python frames of one thread, read while it stood still, into one stack.
 * How activations of the eval loop are found differs by version: from 3.12 on each has a frame of
 * its own on the C stack, in 3.11 a {@code _PyCFrame}; before that they are told by their symbol
 * and counted. One thread.
 */
final class NativeStack {
    /** {@code _PyCFrame.previous} follows {@code current_frame}, 3.11. */
    private static final long PREVIOUS_AFTER_CURRENT = 8;

    /** Name of the eval loop from 3.6 on, and before. */
    private static final String EVAL_LOOP = "_PyEval_EvalFrameDefault";

    private static final String OLD_EVAL_LOOP = "PyEval_EvalFrameEx";

    private final Offsets offsets;
    private final String evalLoop;
    private final NativeNames names;
    private final Anchors anchors = new Anchors();
    private final Merge merge = new Merge();
    private boolean[] loops = new boolean[256];

    NativeStack(PythonRuntime runtime, NativeNames names) {
        offsets = runtime.offsets();
        evalLoop = runtime.version().atLeast(3, 6) ? EVAL_LOOP : OLD_EVAL_LOOP;
        this.names = names;
    }

    /** Merges what both last read of one thread; the status is {@link Merge}'s. */
    int merge(NativeStackReader reader, NativeCode code, ThreadStack python) {
        return merge(reader.unwinder(), reader.end(), reader.stack(), code.modules(), python);
    }

    /**
     * The same of what was unwound from a copy.
     *
     * @param end what the unwinder said
     */
    int merge(
            Unwinder frames, int end, StackCopy stack, NativeModules modules, ThreadStack python) {
        if (offsets.frame().ownerShimMin() != Offsets.ABSENT) {
            fromShims(stack, python);
        } else if (offsets.thread().cframeCurrentFrame() != Offsets.ABSENT) {
            if (python.isJoined()) {
                return Merge.MISMATCH; // of the interpreters below there is no chain
            }
            fromCframes(stack, python);
        } else {
            findLoops(frames, modules);
            return merge.byCount(frames, end, loops, python.depth());
        }
        return merge.byAddress(frames, end, anchors, python.depth());
    }

    Merge merged() {
        return merge;
    }

    // internals

    private void fromShims(StackCopy stack, ThreadStack python) {
        anchors.clear();
        for (int i = 0; i < python.anchors(); i++) {
            // the sentinel below all of them lies in the thread state
            if (stack.has(python.anchor(i))) {
                anchors.add(python.anchor(i), python.anchorDepth(i));
            }
        }
    }

    /**
     * The newest {@code _PyCFrame} may not have its frame yet; the others say which Python frame
     * called into C, so where the activation before begins.
     */
    private void fromCframes(StackCopy stack, ThreadStack python) {
        anchors.clear();
        long current = offsets.thread().cframeCurrentFrame();
        long cframe = python.cframe();
        int depth = 0;
        while (stack.has(cframe + current)
                && stack.has(cframe + current + PREVIOUS_AFTER_CURRENT)) {
            long previous = stack.word(cframe + current + PREVIOUS_AFTER_CURRENT);
            if (previous - cframe > 0 && stack.has(previous + current)) {
                depth = indexOf(stack.word(previous + current), python, depth);
                anchors.add(cframe, depth);
                cframe = previous;
            } else {
                anchors.add(cframe, python.depth());
                return;
            }
        }
    }

    private static int indexOf(long frame, ThreadStack python, int from) {
        for (int i = from; i < python.depth(); i++) {
            if (python.frame(i) == frame) {
                return i;
            }
        }
        return python.depth();
    }

    private void findLoops(Unwinder frames, NativeModules modules) {
        if (loops.length < frames.count()) {
            loops = new boolean[frames.count() * 2];
        }
        for (int i = 0; i < frames.count(); i++) {
            int module = frames.module(i);
            loops[i] =
                    module >= 0
                            && names.name(
                                            modules.get(module),
                                            frames.programCounter(i),
                                            frames.isExact(i))
                                    .startsWith(evalLoop);
        }
    }
}
