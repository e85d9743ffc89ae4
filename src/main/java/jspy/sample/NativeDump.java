package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.process.CoreProcess;
import jspy.process.TargetProcess;
import jspy.process.ThreadStates;
import jspy.process.ThreadStopper;
import jspy.profile.Frame;
import jspy.python.ProcessStacks;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;
import jspy.unwind.CoreStackReader;
import jspy.unwind.Merge;
import jspy.unwind.NativeCode;
import jspy.unwind.NativeNames;
import jspy.unwind.NativeStackReader;
import jspy.unwind.NativeStacks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads threads one by one with their native frames and names what it found. Each is stopped, or
 * proved to sleep, while both its stacks are read. On the thread that made it, which must end soon
 * after {@link #close}: see {@link ThreadStopper}.
 */
final class NativeDump implements AutoCloseable {
    /** A thread that moved on between its two stacks is read again. */
    private static final int MAX_READS = 20;

    private final NativeCode code;
    private final DumpedNatives natives;
    private final NativeStacks reader;
    private final NativeStack stack;
    private final List<AutoCloseable> opened;
    private boolean isAsleep;
    private boolean isHolder;

    /** What names a Python frame of the thread; null hides it. */
    interface PythonFrames {
        Frame frame(ThreadStack stack, int index);
    }

    /**
     * @param opened what is closed with it, in this order
     */
    private NativeDump(
            NativeCode code,
            NativeNames names,
            NativeStacks reader,
            PythonRuntime runtime,
            NativeMode mode,
            List<AutoCloseable> opened) {
        this.code = code;
        natives = new DumpedNatives(names, new NativeFilter(runtime.file()), mode);
        this.reader = reader;
        this.opened = opened;
        stack = new NativeStack(runtime, names);
    }

    /** Of a running process. */
    static NativeDump of(Attachment attachment, NativeMode mode) throws IOException {
        TargetProcess process = attachment.process();
        Linux kernel = new Linux();
        TargetMemory memory = attachment.memory();
        NativeCode code = new NativeCode(process, memory);
        NativeNames names = NativeNames.of(process);
        ThreadStates states = new ThreadStates(kernel, process.proc(), process.pid());
        ThreadStopper stopper = new ThreadStopper(kernel);
        NativeStackReader reader = new NativeStackReader(process, code, memory, states, stopper);
        return new NativeDump(
                code,
                names,
                reader,
                attachment.runtime(),
                mode,
                List.of(stopper::close, states::close, names, code));
    }

    /** Of a core file. */
    static NativeDump of(CoreProcess core, PythonRuntime runtime, NativeMode mode)
            throws IOException {
        NativeCode code = new NativeCode(core);
        NativeNames names = new NativeNames(Path.of("/"));
        return new NativeDump(
                code, names, new CoreStackReader(core, code), runtime, mode, List.of(names, code));
    }

    /**
     * Reads a thread.
     *
     * @param python reads Python frames, too, while it stands still
     * @return its frames, leaf first; null when its native stack cannot be read or merged
     */
    List<Frame> read(int hostThread, StackSource python, long threadState, PythonFrames named) {
        if (hostThread == 0) {
            return null;
        }
        for (int i = 0; i < MAX_READS; i++) {
            int how = reader.read(hostThread, python::read);
            if (how == NativeStackReader.ENDED || how == NativeStackReader.DENIED) {
                return null;
            }
            ThreadStack frames = how < 0 ? null : find(python.stacks(), threadState);
            if (frames != null
                    && frames.status() == ThreadStack.COMPLETE
                    && merge(frames) != Merge.MISMATCH) {
                isAsleep = reader.slept();
                isHolder = python.isHolder(frames);
                return natives.frames(
                        stack.merged(),
                        reader.unwinder(),
                        reader.end(),
                        code.modules(),
                        frames,
                        named);
            }
        }
        return null;
    }

    /** Whether the thread that was read last slept then. */
    boolean isAsleep() {
        return isAsleep;
    }

    /** Whether it held the GIL then. */
    boolean isHolder() {
        return isHolder;
    }

    @Override
    public void close() {
        for (AutoCloseable one : opened) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e); // none of them throws what is checked
            }
        }
    }

    // internals

    private int merge(ThreadStack python) {
        return stack.merge(reader.unwinder(), reader.end(), reader.stack(), code.modules(), python);
    }

    private static ThreadStack find(ProcessStacks stacks, long threadState) {
        for (int i = 0; i < stacks.count(); i++) {
            if (stacks.thread(i).threadState() == threadState) {
                return stacks.thread(i);
            }
        }
        return null;
    }
}
