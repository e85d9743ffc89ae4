package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.LiveMemory;
import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.process.Capability;
import jspy.process.CoreSeat;
import jspy.process.NoProof;
import jspy.process.ProcFiles;
import jspy.process.RseqProof;
import jspy.process.StillnessProof;
import jspy.process.TargetProcess;
import jspy.process.ThreadControlBlock;
import jspy.python.CodeIdentity;
import jspy.python.GilWords;
import jspy.python.NoPythonException;
import jspy.python.PythonRuntime;
import jspy.python.RuntimeFinder;
import jspy.python.ShortNames;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
        TargetMemory memory = new LiveMemory(new Linux(), process.pid());
        PythonRuntime runtime = new RuntimeFinder(process, memory).find();
        ThreadControlBlock blocks = ThreadControlBlock.of(process, process.maps(), memory);
        return new Attachment(process, runtime, blocks);
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
        return threadBlocks.rseq();
    }

    /**
     * Reads the stacks of all threads once, on the calling thread.
     *
     * @return null when the target ended meanwhile
     */
    public StackDump dump(boolean nonblocking, UnaryOperator<String> shorten) throws IOException {
        CodeTable codes = new CodeTable(new CodeIdentity(runtime.offsets()));
        CoreSeat seat = new CoreSeat(new Linux());
        try {
            List<StackReader> readers =
                    readers(memory(), seat, codes, new SampleCounters(), !nonblocking);
            return StackDump.take(readers, codes, runtime, new LiveThreads(this), shorten);
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
    TargetMemory memory() {
        return new LiveMemory(new Linux(), process.pid());
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
            boolean follow) {
        List<StackReader> readers = new ArrayList<>();
        for (GilDomain domain : GilDomain.all(memory, runtime)) {
            boolean proves = follow && proof().isAvailable();
            StillnessProof proof = proves ? new RseqProof(seat, threadBlocks) : new NoProof();
            readers.add(
                    new StackReader(
                            memory,
                            runtime.offsets(),
                            instructionUnits(),
                            domain.interpreters(),
                            new GilWords(domain.gil(), runtime.offsets().gil()),
                            proof,
                            seat,
                            codes,
                            counters,
                            proves));
        }
        return readers;
    }

    /** {@code f_lasti} counts bytes, in 3.10 units of two; from 3.11 on there is a pointer. */
    int instructionUnits() {
        Offsets.Code code = runtime.offsets().code();
        boolean index = code.codeAdaptive() == Offsets.ABSENT;
        return index && runtime.version().atLeast(3, 10) ? 2 : 1;
    }
}
