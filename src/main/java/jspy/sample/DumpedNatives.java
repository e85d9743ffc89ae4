package jspy.sample;

import jspy.profile.Frame;
import jspy.python.ThreadStack;
import jspy.unwind.Merge;
import jspy.unwind.NativeModule;
import jspy.unwind.NativeModules;
import jspy.unwind.NativeNames;
import jspy.unwind.NativePlace;
import jspy.unwind.UnwindEnd;
import jspy.unwind.Unwinder;

import java.util.ArrayList;
import java.util.List;

/**
 * Names the frames of merged stacks that are dumped, and leaves out what a recording leaves out.
 * One thread.
 */
final class DumpedNatives {
    private final NativeNames names;
    private final NativeFilter filter;
    private final NativeMode mode;

    DumpedNatives(NativeNames names, NativeFilter filter, NativeMode mode) {
        this.names = names;
        this.filter = filter;
        this.mode = mode;
    }

    /**
     * The frames, leaf first.
     *
     * @param end what the unwinder said
     */
    List<Frame> frames(
            Merge merged,
            Unwinder unwinder,
            int end,
            NativeModules modules,
            ThreadStack python,
            NativeDump.PythonFrames named) {
        List<Frame> frames = new ArrayList<>();
        int called = mode == NativeMode.ALL ? merged.count() : outermostPython(merged);
        for (int i = 0; i < merged.count(); i++) {
            int entry = merged.entry(i);
            if (entry == Merge.MISSING) {
                String reason = UnwindEnd.reason(end);
                frames.add(Frame.truncated("native frames missing, " + reason));
            } else if (entry < 0) {
                Frame frame = named.frame(python, ~entry);
                if (frame != null) {
                    frames.add(frame);
                }
            } else if (i < called) {
                if (unwinder.isRecovered(entry) || unwinder.isByFramePointer(entry)) {
                    frames.add(Frame.group("[gap]"));
                }
                add(merged, unwinder, modules, entry, frames);
            }
        }
        return frames;
    }

    // internals

    /** What follows is how Python itself came to run; of a thread without Python that is all. */
    private static int outermostPython(Merge merged) {
        for (int i = merged.count() - 1; i >= 0; i--) {
            if (merged.entry(i) < 0 && merged.entry(i) != Merge.MISSING) {
                return i;
            }
        }
        return merged.count();
    }

    private void add(
            Merge merged, Unwinder unwinder, NativeModules modules, int index, List<Frame> frames) {
        long pc = unwinder.programCounter(index);
        if (unwinder.module(index) < 0) {
            frames.add(new Frame("0x%x".formatted(pc), "[no code]", "[no code]", 0));
            return;
        }
        NativeModule module = modules.get(unwinder.module(index));
        NativePlace place = names.place(module, pc, unwinder.isExact(index));
        String function = place.function();
        boolean isPlumbing = merged.isEvalLoop(index) || filter.isPlumbing(module, function);
        if (mode == NativeMode.ALL || !isPlumbing) {
            frames.add(new Frame(function, place.file(), place.shortFile(), place.line()));
        }
        String mark = filter.markOrNull(module, function);
        if (mark != null) {
            Frame group = Frame.group(mark);
            frames.remove(group); // what it is part of says it
            frames.add(group);
        }
    }
}
