package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.process.CoreProcess;
import jspy.process.FrozenCores;
import jspy.process.FrozenProof;
import jspy.process.ThreadControlBlock;
import jspy.python.CodeIdentity;
import jspy.python.NoPythonException;
import jspy.python.PythonRuntime;
import jspy.python.RuntimeFinder;
import jspy.python.ThreadNames;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The counterpart of {@link Attachment} for a core file: nothing moves, so all of it is certain.
 */
public final class PostMortem {
    private final CoreProcess process;
    private final PythonRuntime runtime;

    private PostMortem(CoreProcess process, PythonRuntime runtime) {
        this.process = process;
        this.runtime = runtime;
    }

    /**
     * Finds the interpreter in a core file.
     *
     * @throws NoPythonException says what was tried
     */
    public static PostMortem of(CoreProcess process)
            throws NoPythonException, InterruptedException {
        return new PostMortem(process, new RuntimeFinder(process, process.memory()).find(0));
    }

    public PythonRuntime runtime() {
        return runtime;
    }

    /**
     * Reads the stacks of all threads.
     *
     * @param localChars longest text of a variable's value; 0: no variables
     * @return null when there is no interpreter any more
     */
    public StackDump dump(UnaryOperator<String> shorten, int localChars) {
        return dump(shorten, localChars, null);
    }

    /** The same with the native frames, without variables. */
    public StackDump dumpNative(UnaryOperator<String> shorten, NativeMode mode) throws IOException {
        try (NativeDump nativeDump = NativeDump.of(process, runtime, mode)) {
            return dump(shorten, 0, nativeDump);
        }
    }

    private StackDump dump(UnaryOperator<String> shorten, int localChars, NativeDump nativeDump) {
        CodeTable codes = new CodeTable(new CodeIdentity(runtime.offsets()));
        TargetMemory memory = process.memory();
        StackSource reader =
                StackSource.of(
                        runtime,
                        memory,
                        GilDomain.all(memory, runtime),
                        FrozenProof::new,
                        FrozenCores::new,
                        codes,
                        new SampleCounters());
        return StackDump.take(
                reader,
                memory,
                codes,
                runtime,
                new Threads(),
                shorten,
                localChars,
                false,
                nativeDump);
    }

    // internals

    private final class Threads implements TargetThreads {
        private final Set<Integer> known = new HashSet<>(process.threads());
        private final ThreadControlBlock blocks =
                ThreadControlBlock.of(process, process.maps(), process.memory().again());
        private final ThreadNames names = new ThreadNames(process.memory().again(), runtime);

        @Override
        public long hostThreadId(long nativeId, long ident) {
            if (nativeId != 0) {
                return nativeId;
            }
            if (blocks.nativeId(ident) == 0) {
                blocks.findNativeIds(new long[] {ident}, known::contains);
            }
            return blocks.nativeId(ident);
        }

        /** The one that got the signal ran; of the others a core does not say. */
        @Override
        public boolean isActive(long hostThreadId, boolean moved) {
            return process.signal() != 0 && hostThreadId == process.threads().getFirst();
        }

        @Override
        public Map<Long, String> names() {
            return names.read();
        }
    }
}
