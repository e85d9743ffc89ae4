package jspy.python;

import jspy.layout.Offsets;

import java.util.List;

/**
 * Proves a runtime by walking from it: interpreters, their threads and, where the layout is a
 * guess, a frame.
 */
final class RuntimeCheck {
    /** Threads that are looked at. */
    private static final int MAX_THREADS = 64;

    /** Frames that are looked at for one that runs Python code. */
    private static final int MAX_FRAMES = 64;

    private final Peek peek;
    private final ObjectReader objects;
    private final Offsets offsets;
    private final Interpreters interpreters;

    RuntimeCheck(Peek peek, PythonRuntime runtime) {
        this.peek = peek;
        offsets = runtime.offsets();
        objects = new ObjectReader(peek, offsets, runtime.version());
        interpreters = new Interpreters(peek, offsets);
    }

    enum Verdict {
        GOOD,
        /** No interpreter or no thread yet. */
        EMPTY,
        /** What should be threads are none. */
        WRONG
    }

    /**
     * @param withFrames also wants the innermost code of a thread to be of the type "code"
     */
    Verdict check(long interpretersHeadAddress, boolean withFrames) {
        int good = 0;
        int bad = 0;
        for (long interpreter : interpreters.all(interpretersHeadAddress)) {
            List<Long> threads = interpreters.threads(interpreter);
            for (long thread : threads.subList(0, Math.min(threads.size(), MAX_THREADS))) {
                boolean pointsBack = interpreters.interpreterOf(thread) == interpreter;
                if (pointsBack && (!withFrames || runsCode(thread))) {
                    good++;
                } else {
                    bad++;
                }
            }
        }
        return good > 0 ? Verdict.GOOD : bad > 0 ? Verdict.WRONG : Verdict.EMPTY;
    }

    // internals

    private boolean runsCode(long thread) {
        long frame = peek.pointer(thread + offsets.thread().top());
        if (offsets.thread().cframeCurrentFrame() != Offsets.ABSENT) {
            frame = peek.pointer(frame + offsets.thread().cframeCurrentFrame());
        }
        for (int i = 0; i < MAX_FRAMES && frame != 0; i++) {
            long code =
                    peek.pointer(frame + offsets.frame().code()) & ~offsets.frame().codeTagMask();
            if (objects.typeName(objects.typeOf(code)).equals("code")) {
                return true;
            }
            frame = peek.pointer(frame + offsets.frame().previous());
        }
        return false;
    }
}
