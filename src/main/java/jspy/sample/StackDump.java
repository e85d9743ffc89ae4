package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.python.CodeDecoder;
import jspy.python.Local;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The stacks of all threads at one moment: what {@code dump} prints.
 *
 * @param threads oldest first
 * @param proved whether all stacks were read while the GIL's holder stood still
 * @param localsProved whether the variables are of the same moment; true where none were asked for
 */
public record StackDump(List<ThreadDump> threads, boolean proved, boolean localsProved) {

    /**
     * One thread.
     *
     * @param hostThreadId 0 when it is not known
     * @param name null when it has none
     * @param frames leaf first; a mark where something is missing
     * @param locals for each frame its variables; empty where none were asked for
     */
    public record ThreadDump(
            long hostThreadId,
            long ident,
            String name,
            boolean active,
            boolean holdsGil,
            List<Frame> frames,
            List<List<Local>> locals) {
        /** As it was when those frames were read. */
        ThreadDump with(List<Frame> others, boolean wasActive, boolean heldGil) {
            return new ThreadDump(hostThreadId, ident, name, wasActive, heldGil, others, List.of());
        }
    }

    /**
     * Reads until stacks are proved, or as often; a process that hands its GIL around needs a few.
     */
    private static final int MAX_READS = 100;

    /** No further reading is begun after so long. */
    private static final long MAX_READING_NANOS = 2_000_000_000;

    private static final long PAUSE_NANOS = 200_000;

    /**
     * Takes a dump on the calling thread.
     *
     * @param memory that the reader reads
     * @param localChars longest text of a variable's value; 0: no variables
     * @param runs whether reading again may give more
     * @param nativeDump reads native frames, too; null: Python's alone
     * @return null when the target ended, or cannot be read any more
     */
    static StackDump take(
            StackSource reader,
            TargetMemory memory,
            CodeTable codes,
            PythonRuntime runtime,
            TargetThreads target,
            UnaryOperator<String> shorten,
            int localChars,
            boolean runs,
            NativeDump nativeDump) {
        FrameTable frames = new FrameTable();
        CodeDecoder decoder = new CodeDecoder(runtime.offsets(), runtime.version());
        FrameNames names = new FrameNames(codes, decoder, frames, LineStyle.CURRENT, shorten);
        List<ThreadDump> threads = new ArrayList<>();
        DumpedLocals locals =
                localChars == 0
                        ? null
                        : new DumpedLocals(reader, memory, runtime, localChars, runs);
        int status =
                locals == null
                        ? readProved(reader, runs)
                        : locals.read(() -> readProved(reader, runs));
        if (status < 0) {
            return null;
        }
        Map<Long, String> threadNames = target.names();
        for (int i = 0; i < reader.stacks().count(); i++) {
            threads.add(
                    thread(reader, i, status, codes, names, frames, target, threadNames, locals));
        }
        if (nativeDump != null) {
            long[] states = new long[threads.size()];
            for (int i = 0; i < states.length; i++) {
                states[i] = reader.stacks().thread(i).threadState();
            }
            for (int i = 0; i < states.length; i++) {
                ThreadDump thread = threads.get(i);
                if (thread.hostThreadId() == TargetThreads.GONE) {
                    continue;
                }
                List<Frame> merged =
                        nativeDump.read(
                                (int) thread.hostThreadId(),
                                reader,
                                states[i],
                                (stack, index) -> named(stack, index, codes, names, frames));
                if (merged != null) {
                    boolean holder = runs ? nativeDump.isHolder() : thread.holdsGil();
                    boolean active = runs ? holder || !nativeDump.isAsleep() : thread.active();
                    threads.set(i, thread.with(merged, active, holder));
                }
            }
        }
        threads.removeIf(thread -> thread.hostThreadId() == TargetThreads.GONE);
        boolean proved = status == StackSource.PROVED;
        boolean localsProved = locals == null || proved && locals.proved();
        return new StackDump(threads.reversed(), proved, localsProved);
    }

    // internals

    private static int readProved(StackSource reader, boolean runs) {
        long until = System.nanoTime() + MAX_READING_NANOS;
        int status = reader.read();
        for (int i = 0; i < MAX_READS && status >= 0 && !reader.isBest(status); i++) {
            if (status != StackSource.NOT_WARM && (!runs || System.nanoTime() > until)) {
                break;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
            status = reader.read();
        }
        return status;
    }

    private static ThreadDump thread(
            StackSource reader,
            int index,
            int status,
            CodeTable codes,
            FrameNames names,
            FrameTable frames,
            TargetThreads target,
            Map<Long, String> threadNames,
            DumpedLocals locals) {
        ThreadStack stack = reader.stacks().thread(index);
        int certain = status == StackSource.TWO_COPIES ? reader.agreedFrames(index) : stack.depth();
        List<Frame> named = new ArrayList<>();
        List<List<Local>> variables = new ArrayList<>();
        if (certain < stack.depth()) {
            named.add(Frame.torn());
            variables.add(List.of());
        }
        for (int i = stack.depth() - certain; i < stack.depth(); i++) {
            Frame frame = named(stack, i, codes, names, frames);
            if (frame != null) {
                named.add(frame);
                variables.add(locals == null ? List.of() : locals.of(index, i));
            }
        }
        if (stack.status() != ThreadStack.COMPLETE) {
            named.add(Frame.truncated("the root was not reached"));
            variables.add(List.of());
        }
        boolean holder = reader.isHolder(stack);
        long hostId = target.hostThreadId(stack.nativeId(), stack.ident());
        return new ThreadDump(
                hostId,
                stack.ident(),
                threadNames.get(stack.ident()),
                holder || target.isActive(hostId, true),
                holder,
                List.copyOf(named),
                locals == null ? List.of() : List.copyOf(variables));
    }

    /** Null for a frame that Python shows to nobody. */
    private static Frame named(
            ThreadStack stack, int index, CodeTable codes, FrameNames names, FrameTable frames) {
        int code = Math.max(CodeTable.UNREADABLE, codes.find(stack.code(index)));
        int frame = names.frame(SampleRecord.frame(code, stack.instruction(index)));
        return frame == FrameNames.HIDDEN ? null : frames.get(frame);
    }
}
