package jspy.sample;

import jspy.cli.SnapshotFiles;
import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.python.CodeDecoder;
import jspy.python.CodeIdentity;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;
import jspy.snapshot.SnapshotReader;
import jspy.unwind.CapturedStack;
import jspy.unwind.Merge;
import jspy.unwind.NativeNames;
import jspy.unwind.UnwindEnd;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A captured stack that was unwound, merged with its Python frames and named by the code that does
 * so in a recording.
 *
 * @param end {@link UnwindEnd}
 * @param merged {@link Merge}'s status
 * @param addresses leaf first
 * @param frames root first, every one
 * @param shown root first, without the interpreter's plumbing
 */
record ReplayedStack(
        int end, int merged, List<Long> addresses, List<Frame> frames, List<Frame> shown) {

    /** Where no machine has debug files. */
    private static final Path NOWHERE = Path.of("/nowhere");

    static ReplayedStack of(CapturedStack captured) throws IOException {
        Replay replay =
                SnapshotFiles.replay(
                        SnapshotReader.read(new ByteArrayInputStream(captured.snapshot())));
        PythonRuntime runtime = replay.runtime();
        CodeTable codes = new CodeTable(new CodeIdentity(runtime.offsets()));
        StackSource source = replay.reader(codes, new SampleCounters(), true);
        ThreadStack python = read(source, captured.threadState());
        int end = captured.unwind();
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < captured.unwinder().count(); i++) {
            addresses.add(captured.unwinder().programCounter(i));
        }
        NativeModuleTable modules = new NativeModuleTable();
        modules.use(captured.modules());
        MergedStack stack = new MergedStack();
        int merged;
        try (NativeNames names = new NativeNames(NOWHERE)) {
            NativeStack merge = new NativeStack(runtime, names);
            merged =
                    merge.merge(
                            captured.unwinder(), end, captured.stack(), captured.modules(), python);
            stack.take(merge.merged(), captured.unwinder(), end, modules, python, codes);
        }
        List<Frame> all = named(stack, NativeMode.ALL, modules, runtime, codes);
        List<Frame> shown = named(stack, NativeMode.CALLED, modules, runtime, codes);
        return new ReplayedStack(end, merged, addresses, all, shown);
    }

    /** What is kept of it beside the capture: a line a frame, root first. */
    String text() {
        StringBuilder text = new StringBuilder("all\n");
        frames.forEach(frame -> text.append("  ").append(frame.label()).append('\n'));
        text.append("shown\n");
        shown.forEach(frame -> text.append("  ").append(frame.label()).append('\n'));
        return text.toString();
    }

    // internals

    private static ThreadStack read(StackSource source, long threadState) throws IOException {
        int status = source.read();
        for (int i = 0; i < 100 && !source.isBest(status); i++) {
            status = source.read();
        }
        for (int i = 0; i < source.stacks().count(); i++) {
            if (source.stacks().thread(i).threadState() == threadState) {
                return source.stacks().thread(i);
            }
        }
        throw new IOException("no thread state 0x%x, status %d".formatted(threadState, status));
    }

    private static List<Frame> named(
            MergedStack stack,
            NativeMode mode,
            NativeModuleTable modules,
            PythonRuntime runtime,
            CodeTable codes) {
        FrameTable frames = new FrameTable();
        CodeDecoder decoder = new CodeDecoder(runtime.offsets(), runtime.version());
        FrameNames names = new FrameNames(codes, decoder, frames, LineStyle.CURRENT, file -> file);
        names.nativeFrames(
                new NativeFrames(
                        modules,
                        () -> new NativeNames(NOWHERE),
                        frames,
                        mode,
                        new NativeFilter(runtime.file())));
        List<Frame> named = new ArrayList<>();
        boolean isUnderPython = false;
        for (int i = stack.count() - 1; i >= 0; i--) {
            if (NativeRecord.isNative(stack.frame(i))) {
                for (int frame : names.natives(stack.frame(i), isUnderPython)) {
                    named.add(frames.get(frame));
                }
            } else {
                isUnderPython = true;
                int frame = names.frame(stack.frame(i));
                if (frame != FrameNames.HIDDEN) {
                    named.add(frames.get(frame));
                }
            }
        }
        names.close();
        return named;
    }
}
