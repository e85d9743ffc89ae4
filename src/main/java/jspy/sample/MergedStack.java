package jspy.sample;

import jspy.python.ThreadStack;
import jspy.unwind.Merge;
import jspy.unwind.Unwinder;

import java.util.Arrays;

/**
 * The native and Python frames of one thread, leaf first, as they travel: longs of {@link
 * SampleRecord} and {@link NativeRecord}. Sampler thread; allocates only to grow.
 */
final class MergedStack {
    private long[] frames = new long[128];
    private int count;
    private int flags;
    private long version;

    int count() {
        return count;
    }

    long frame(int index) {
        return frames[index];
    }

    /** Flags of {@link SampleRecord} that belong to this stack. */
    int flags() {
        return flags;
    }

    void flags(int newFlags) {
        flags = newFlags;
    }

    /** Two equal versions of one thread are the same stack. */
    long version() {
        return version;
    }

    /** Takes a merged stack over. */
    void take(
            Merge merge,
            Unwinder unwinder,
            int end,
            NativeModuleTable modules,
            ThreadStack python,
            CodeTable codes) {
        begin();
        for (int i = 0; i < merge.count(); i++) {
            int entry = merge.entry(i);
            if (entry == Merge.MISSING) {
                add(NativeRecord.missing(end));
            } else if (entry < 0) {
                add(pythonFrame(python, ~entry, codes));
            } else {
                add(nativeFrame(merge, unwinder, modules, entry));
            }
        }
    }

    /** Takes the frames of a thread that has no Python over. */
    void take(Unwinder unwinder, int end, boolean isWhole, NativeModuleTable modules) {
        begin();
        for (int i = 0; i < unwinder.count(); i++) {
            add(nativeFrame(null, unwinder, modules, i));
        }
        if (!isWhole) {
            add(NativeRecord.missing(end));
        }
    }

    void clear() {
        begin();
    }

    // internals

    private void begin() {
        count = 0;
        version++;
    }

    private static long pythonFrame(ThreadStack python, int index, CodeTable codes) {
        int code = Math.max(CodeTable.UNREADABLE, codes.find(python.code(index)));
        return SampleRecord.frame(code, python.instruction(index));
    }

    private static long nativeFrame(
            Merge mergeOrNull, Unwinder unwinder, NativeModuleTable modules, int index) {
        int flags = unwinder.isExact(index) ? NativeRecord.EXACT : 0;
        if (mergeOrNull != null && mergeOrNull.isEvalLoop(index)) {
            flags |= NativeRecord.EVAL_LOOP;
        }
        if (unwinder.isRecovered(index) || unwinder.isByFramePointer(index)) {
            flags |= NativeRecord.GAP;
        }
        int module = unwinder.module(index);
        long address = unwinder.programCounter(index);
        return module < 0
                ? NativeRecord.nowhere(address, flags)
                : NativeRecord.inModule(
                        modules.numberOf(module), address - modules.start(module), flags);
    }

    private void add(long frame) {
        if (count == frames.length) {
            frames = Arrays.copyOf(frames, count * 2);
        }
        frames[count++] = frame;
    }
}
