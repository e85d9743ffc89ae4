package jspy.sample;

import jspy.memory.FileMemory;
import jspy.memory.LiveMemory;
import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.process.Capability;
import jspy.process.CoreSeat;
import jspy.process.Mapping;
import jspy.process.NoProof;
import jspy.process.ProcFiles;
import jspy.process.RseqProof;
import jspy.process.ScheduleProof;
import jspy.process.StillnessProof;
import jspy.process.TargetProcess;
import jspy.process.ThreadControlBlock;
import jspy.process.ThreadIds;
import jspy.process.ThreadStates;
import jspy.python.CodeIdentity;
import jspy.python.NoPythonException;
import jspy.python.PythonRuntime;
import jspy.python.RuntimeFinder;
import jspy.python.ShortNames;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

/**
 * A CPython process that jspy looks at: the process, its interpreter, and how its stacks can be
 * proved. Made once at attach, on any thread; what samples is made from it by {@link #readers} on
 * the thread that will use it.
 */
public final class Attachment {
    private final TargetProcess process;
    private final PythonRuntime runtime;
    private final ThreadControlBlock threadBlocks;

    private Attachment(
            TargetProcess process, PythonRuntime runtime, ThreadControlBlock threadBlocks) {
        this.process = process;
        this.runtime = runtime;
        this.threadBlocks = threadBlocks;
    }

    /**
     * Finds the interpreter of a process.
     *
     * @throws NoPythonException when there is none, or none yet
     */
    public static Attachment to(TargetProcess process)
            throws IOException, NoPythonException, InterruptedException {
        TargetMemory memory = memoryOf(process);
        PythonRuntime runtime = new RuntimeFinder(process, memory).find();
        ThreadControlBlock blocks = ThreadControlBlock.of(process, process.maps(), memory);
        return new Attachment(process, runtime, blocks);
    }

    /** The version of the interpreter that runs in a process now; empty when none can be told. */
    public static Optional<String> versionOf(TargetProcess process) throws InterruptedException {
        try {
            PythonRuntime found = new RuntimeFinder(process, memoryOf(process)).find(0);
            return Optional.of(found.version().toString());
        } catch (IOException | NoPythonException e) {
            return Optional.empty();
        }
    }

    public static Attachment to(int pid)
            throws IOException, NoPythonException, InterruptedException {
        return to(TargetProcess.of(ProcFiles.system(), pid));
    }

    public TargetProcess process() {
        return process;
    }

    public PythonRuntime runtime() {
        return runtime;
    }

    /** Whether stacks can be proved from the core of the GIL's holder. */
    public Capability proof() {
        if (runtime.freeThreaded()) {
            return new Capability.No("a free-threaded build has no GIL", "");
        }
        Capability rseq = threadBlocks.rseq();
        return rseq.isAvailable()
                ? rseq
                : new Capability.Yes("/proc counters, as there is no rseq: " + rseq.describe());
    }

    /**
     * Reads the stacks of all threads once, on the calling thread.
     *
     * @param localChars longest text of a variable's value; 0: no variables
     * @return null when the target ended meanwhile
     */
    public StackDump dump(boolean nonblocking, UnaryOperator<String> shorten, int localChars)
            throws IOException {
        return dump(nonblocking, shorten, localChars, memory(), memory());
    }

    /**
     * As {@link #dump(boolean, UnaryOperator, int)}, through memories of the caller's, which may
     * keep what is read.
     *
     * @param stacks for threads, frames and code objects, all of one moment when they are proved
     * @param names for the names of threads, read before and after it
     */
    public StackDump dump(
            boolean nonblocking,
            UnaryOperator<String> shorten,
            int localChars,
            TargetMemory stacks,
            TargetMemory names)
            throws IOException {
        return dump(nonblocking, shorten, localChars, stacks, names, null);
    }

    /**
     * As {@link #dump(boolean, UnaryOperator, int)}, with the native frames. Threads that do not
     * sleep are stopped, one by one, for as long as reading them takes.
     */
    public StackDump dumpNative(UnaryOperator<String> shorten)
            throws IOException, InterruptedException {
        // on a thread that ends with it: the kernel lets go then of what might still be held
        FutureTask<StackDump> dump =
                new FutureTask<>(
                        () -> {
                            try (NativeDump nativeDump = new NativeDump(this)) {
                                return dump(false, shorten, 0, memory(), memory(), nativeDump);
                            }
                        });
        Thread.ofPlatform().name("jspy-native-dump").start(dump);
        try {
            return dump.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private StackDump dump(
            boolean nonblocking,
            UnaryOperator<String> shorten,
            int localChars,
            TargetMemory stacks,
            TargetMemory names,
            NativeDump nativeDump)
            throws IOException {
        CodeTable codes = new CodeTable(new CodeIdentity(runtime.offsets()));
        CoreSeat seat = new CoreSeat(new Linux());
        try {
            List<StackReader> readers =
                    readers(stacks, seat, codes, new SampleCounters(), !nonblocking);
            LiveThreads threads = new LiveThreads(this, names);
            return StackDump.take(
                    readers,
                    stacks,
                    codes,
                    runtime,
                    threads,
                    shorten,
                    localChars,
                    true,
                    nativeDump);
        } finally {
            seat.leave();
        }
    }

    /** File names as people know modules, by the target's own disk. */
    public UnaryOperator<String> shortNames() {
        return new ShortNames(process.proc().path(process.pid(), "root"))::of;
    }

    ThreadControlBlock threadBlocks() {
        return threadBlocks;
    }

    /** Memory of the target for one more reading thread. */
    public TargetMemory memory() throws IOException {
        return memoryOf(process);
    }

    /**
     * One reader for each GIL, all of one sampling thread.
     *
     * @param follow prove by sitting on the holder's core; else read from another one
     */
    List<StackReader> readers(
            TargetMemory memory,
            CoreSeat seat,
            CodeTable codes,
            SampleCounters counters,
            boolean follow)
            throws IOException {
        boolean proves = follow && proof().isAvailable();
        ThreadIds ids = proves ? process.threadIds() : null;
        return StackReader.forEachGil(
                runtime,
                memory,
                () -> proves ? newProof(seat, ids) : new NoProof(),
                codes,
                counters);
    }

    private StillnessProof newProof(CoreSeat seat, ThreadIds ids) {
        if (threadBlocks.rseq().isAvailable()) {
            return new RseqProof(seat, threadBlocks);
        }
        ThreadStates states = new ThreadStates(new Linux(), process.proc(), process.pid());
        return new ScheduleProof(seat, states, ids, threadBlocks);
    }

    /** By {@code process_vm_readv}, or through the memory file where the kernel does not let it. */
    private static TargetMemory memoryOf(TargetProcess process) throws IOException {
        LiveMemory live = new LiveMemory(new Linux(), process.pid());
        List<Mapping> files = process.maps().files();
        long mapped = files.isEmpty() ? 0 : files.getFirst().start();
        int got = live.read(mapped, Arena.ofAuto().allocate(8, 8), 0, 8);
        if (got == TargetMemory.DENIED || got == TargetMemory.FAILED) {
            String path = process.proc().path(process.pid(), "mem").toString();
            FileMemory file = FileMemory.open(new Linux(), path);
            return file == null ? live : file;
        }
        return live;
    }
}
