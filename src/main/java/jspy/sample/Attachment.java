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
import jspy.process.RseqCores;
import jspy.process.RseqProof;
import jspy.process.ScheduleCores;
import jspy.process.ScheduleProof;
import jspy.process.StillnessProof;
import jspy.process.StopCores;
import jspy.process.StopProof;
import jspy.process.TargetProcess;
import jspy.process.ThreadControlBlock;
import jspy.process.ThreadCores;
import jspy.process.ThreadIds;
import jspy.process.ThreadStates;
import jspy.python.CodeIdentity;
import jspy.python.NoPythonException;
import jspy.python.PythonRuntime;
import jspy.python.RuntimeFinder;
import jspy.python.ShortNames;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;

/**
 * A CPython process that jspy looks at: the process, its interpreter, and how its stacks can be
 * proved. Made once at attach, on any thread; what samples is made from it by {@link #reader} on
 * the thread that will use it.
 */
public final class Attachment {
    private final TargetProcess process;
    private final PythonRuntime runtime;
    private final ThreadControlBlock threadBlocks;
    private final TargetProcess root;

    private Attachment(
            TargetProcess root,
            TargetProcess process,
            PythonRuntime runtime,
            ThreadControlBlock threadBlocks) {
        this.root = root;
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
        return to(process, memory, new RuntimeFinder(process, memory).find());
    }

    /**
     * The same of a process that was started a moment ago: it may be a script that ends in exec.
     */
    public static Attachment toStarted(TargetProcess process, Duration patience)
            throws IOException, NoPythonException, InterruptedException {
        TargetMemory memory = memoryOf(process);
        return to(process, memory, new RuntimeFinder(process, memory).find(patience.toNanos()));
    }

    /**
     * The same without waiting, for who looks at many processes again and again.
     *
     * @param settled whether it had its time to start
     */
    static Attachment now(TargetProcess process, boolean settled)
            throws IOException, NoPythonException {
        TargetMemory memory = memoryOf(process);
        return to(process, memory, new RuntimeFinder(process, memory).findNow(settled));
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

    /** Whose children are meant too: the process, or one above it that is no Python. */
    TargetProcess root() {
        return root;
    }

    /** The same, found below another process. */
    Attachment below(TargetProcess above) {
        return new Attachment(above, process, runtime, threadBlocks);
    }

    public PythonRuntime runtime() {
        return runtime;
    }

    /** Whether stacks can be proved from the cores of their threads. */
    public Capability proof() {
        Capability rseq = threadBlocks.rseq();
        return rseq.isAvailable()
                ? rseq
                : new Capability.Yes("/proc counters, as there is no rseq: " + rseq.describe());
    }

    /** As {@link #dump(ReadMode, UnaryOperator, int)}, without variables. */
    public StackDump dump(ReadMode mode, UnaryOperator<String> shorten) throws IOException {
        return dump(mode, shorten, 0);
    }

    /**
     * Reads the stacks of all threads once, on the calling thread.
     *
     * @param localChars longest text of a variable's value; 0: no variables
     * @return null when the target ended meanwhile
     */
    public StackDump dump(ReadMode mode, UnaryOperator<String> shorten, int localChars)
            throws IOException {
        return dump(mode, shorten, localChars, memory(), memory());
    }

    /**
     * As {@link #dump(ReadMode, UnaryOperator, int)}, through memories of the caller's, which may
     * keep what is read.
     *
     * @param stacks for threads, frames and code objects, all of one moment when they are proved
     * @param names for the names of threads, read before and after it
     */
    public StackDump dump(
            ReadMode mode,
            UnaryOperator<String> shorten,
            int localChars,
            TargetMemory stacks,
            TargetMemory names)
            throws IOException {
        return dump(mode, shorten, localChars, stacks, names, null);
    }

    /**
     * As {@link #dump(ReadMode, UnaryOperator, int)}, with the native frames. Threads that do not
     * sleep are stopped, one by one, for as long as reading them takes.
     */
    public StackDump dumpNative(UnaryOperator<String> shorten, NativeMode mode)
            throws IOException, InterruptedException {
        // on a thread that ends with it: the kernel lets go then of what might still be held
        FutureTask<StackDump> dump =
                new FutureTask<>(
                        () -> {
                            try (NativeDump nativeDump = NativeDump.of(this, mode)) {
                                return dump(
                                        ReadMode.OWN_CORE,
                                        shorten,
                                        0,
                                        memory(),
                                        memory(),
                                        nativeDump);
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
            ReadMode mode,
            UnaryOperator<String> shorten,
            int localChars,
            TargetMemory stacks,
            TargetMemory names,
            NativeDump nativeDump)
            throws IOException {
        CodeTable codes = new CodeTable(new CodeIdentity(runtime.offsets()));
        CoreSeat seat = new CoreSeat(new Linux());
        StackSource reader =
                reader(
                        stacks,
                        GilDomain.all(stacks, runtime),
                        seat,
                        codes,
                        new SampleCounters(),
                        mode);
        try {
            LiveThreads threads = new LiveThreads(this, names, new Linux());
            return StackDump.take(
                    reader, stacks, codes, runtime, threads, shorten, localChars, true, nativeDump);
        } finally {
            reader.close();
            seat.leave();
        }
    }

    /** File names as people know modules, by the target's own disk. */
    public UnaryOperator<String> shortNames() {
        return new ShortNames(process.proc().path(process.memoryId(), "root"))::of;
    }

    ThreadControlBlock threadBlocks() {
        return threadBlocks;
    }

    /** Memory of the target for one more reading thread. */
    public TargetMemory memory() throws IOException {
        return memoryOf(process);
    }

    /** The same for a thread that reads all the time: {@link Linux#steady}. */
    TargetMemory steadyMemory() throws IOException {
        return memoryOf(process, Linux.steady());
    }

    /**
     * What reads these interpreters, on one sampling thread.
     *
     * @param mode how stacks are proved
     */
    StackSource reader(
            TargetMemory memory,
            List<GilDomain> domains,
            CoreSeat seat,
            CodeTable codes,
            SampleCounters counters,
            ReadMode mode)
            throws IOException {
        boolean proves = mode != ReadMode.UNPROVED && proof().isAvailable();
        ThreadIds ids = proves ? process.threadIds() : null;
        return StackSource.of(
                runtime,
                memory,
                domains,
                () -> proves ? newProof(mode, seat, ids) : new NoProof(),
                () -> proves ? newCores(mode, seat, ids) : null,
                codes,
                counters);
    }

    private ThreadCores newCores(ReadMode mode, CoreSeat seat, ThreadIds ids) {
        if (mode == ReadMode.OWN_CORE && threadBlocks.rseq().isAvailable()) {
            return new RseqCores(seat, threadBlocks);
        }
        ThreadStates states = new ThreadStates(Linux.steady(), process.proc(), process.pid());
        if (mode == ReadMode.STOPPED) {
            return new StopCores(Linux.steady(), states, ids, threadBlocks);
        }
        return new ScheduleCores(seat, states, ids, threadBlocks);
    }

    private StillnessProof newProof(ReadMode mode, CoreSeat seat, ThreadIds ids) {
        if (mode == ReadMode.OWN_CORE && threadBlocks.rseq().isAvailable()) {
            return new RseqProof(seat, threadBlocks);
        }
        ThreadStates states = new ThreadStates(Linux.steady(), process.proc(), process.pid());
        if (mode == ReadMode.STOPPED) {
            return new StopProof(Linux.steady(), states, ids, threadBlocks);
        }
        return new ScheduleProof(seat, states, ids, threadBlocks);
    }

    private static Attachment to(TargetProcess process, TargetMemory memory, PythonRuntime runtime)
            throws IOException {
        ThreadControlBlock blocks = ThreadControlBlock.of(process, process.maps(), memory);
        return new Attachment(process, process, runtime, blocks);
    }

    /** By {@code process_vm_readv}, or through the memory file where the kernel does not let it. */
    private static TargetMemory memoryOf(TargetProcess process) throws IOException {
        return memoryOf(process, new Linux());
    }

    private static TargetMemory memoryOf(TargetProcess process, Linux kernel) throws IOException {
        LiveMemory live = new LiveMemory(kernel, process.memoryId());
        List<Mapping> files = process.maps().files();
        long mapped = files.isEmpty() ? 0 : files.getFirst().start();
        int got = live.read(mapped, Arena.ofAuto().allocate(8, 8), 0, 8);
        if (got == TargetMemory.DENIED || got == TargetMemory.FAILED) {
            String path = process.proc().path(process.memoryId(), "mem").toString();
            FileMemory file = FileMemory.open(kernel, path);
            return file == null ? live : file;
        }
        return live;
    }
}
