package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.process.FrozenCores;
import jspy.process.FrozenProof;
import jspy.process.NoProof;
import jspy.python.CodeIdentity;
import jspy.python.PythonRuntime;
import jspy.python.ThreadNames;

import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A process of which only its memory is left: the counterpart of {@link Attachment} for a snapshot.
 * Calls nothing of the operating system.
 */
public final class Replay {
    private final PythonRuntime runtime;
    private final Supplier<TargetMemory> memories;
    private final Map<Long, KnownThread> threads;
    private final boolean proved;

    /**
     * What the system knew of a thread.
     *
     * @param hostId 0 when it was not known
     */
    public record KnownThread(long hostId, boolean active) {}

    /**
     * @param memories the memory, anew for each thread that reads
     * @param threads by Python's ident
     * @param proved whether what lies in the memory is of one moment
     */
    public Replay(
            PythonRuntime runtime,
            Supplier<TargetMemory> memories,
            Map<Long, KnownThread> threads,
            boolean proved) {
        this.runtime = runtime;
        this.memories = memories;
        this.threads = Map.copyOf(threads);
        this.proved = proved;
    }

    public PythonRuntime runtime() {
        return runtime;
    }

    /** As {@link #dump(UnaryOperator, int)}, without variables. */
    public StackDump dump(UnaryOperator<String> shorten) {
        return dump(shorten, 0);
    }

    /**
     * Reads the stacks of all threads.
     *
     * @param localChars longest text of a variable's value; 0: no variables
     * @return null when there is no interpreter in the memory
     */
    public StackDump dump(UnaryOperator<String> shorten, int localChars) {
        CodeTable codes = new CodeTable(new CodeIdentity(runtime.offsets()));
        TargetMemory memory = memories.get();
        return StackDump.take(
                reader(memory, codes, new SampleCounters(), proved),
                memory,
                codes,
                runtime,
                new Threads(),
                shorten,
                localChars,
                false,
                null);
    }

    /** {@code still}: as on the core of a holder that stands still. */
    StackSource reader(CodeTable codes, SampleCounters counters, boolean still) {
        return reader(memories.get(), codes, counters, still);
    }

    TargetThreads targetThreads() {
        return new Threads();
    }

    // internals

    private StackSource reader(
            TargetMemory memory, CodeTable codes, SampleCounters counters, boolean still) {
        return StackSource.of(
                runtime,
                memory,
                GilDomain.all(memory, runtime),
                () -> still ? new FrozenProof() : new NoProof(),
                () -> still ? new FrozenCores() : null,
                codes,
                counters);
    }

    private final class Threads implements TargetThreads {
        private final ThreadNames names = new ThreadNames(memories.get(), runtime);

        @Override
        public long hostThreadId(long nativeId, long ident) {
            KnownThread known = threads.get(ident);
            return known == null ? 0 : known.hostId();
        }

        @Override
        public boolean isActive(long hostThreadId, boolean moved) {
            return threads.values().stream()
                    .filter(known -> known.hostId() == hostThreadId)
                    .allMatch(KnownThread::active);
        }

        @Override
        public Map<Long, String> names() {
            return names.read();
        }
    }
}
