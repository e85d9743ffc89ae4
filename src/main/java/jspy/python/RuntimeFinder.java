package jspy.python;

import jspy.memory.TargetMemory;
import jspy.process.Program;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Finds the interpreter of a process: the mapped file that holds it, its {@code _PyRuntime} (by
 * symbol, by section, then by searching the file's data), its version and offsets, proved by a walk
 * to its threads. Cold; one thread.
 */
public final class RuntimeFinder {
    /** How long an interpreter that is just starting is waited for. */
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long PAUSE_MILLIS = 10;

    private final Program process;
    private final TargetMemory memory;

    public RuntimeFinder(Program process, TargetMemory memory) {
        this.process = process;
        this.memory = memory;
    }

    /**
     * The interpreter; waits up to a second for one that is just starting.
     *
     * @throws NoPythonException says what was tried, why there is none and what to do
     */
    public PythonRuntime find() throws NoPythonException, InterruptedException {
        return find(START_NANOS);
    }

    /**
     * The interpreter; waits so long for one that is just starting, and for a process that has just
     * started to become a Python (a script that ends in exec).
     *
     * @throws NoPythonException says what was tried, why there is none and what to do
     */
    public PythonRuntime find(long patienceNanos) throws NoPythonException, InterruptedException {
        long deadline = System.nanoTime() + patienceNanos;
        while (true) {
            boolean last = System.nanoTime() >= deadline;
            RuntimeSearch search = new RuntimeSearch(process, memory, last);
            Optional<PythonRuntime> found = search.find();
            if (found.isPresent()) {
                return found.get();
            }
            if (last || !search.mayComeYet(patienceNanos)) {
                throw search.failure();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /**
     * The interpreter as it is now, without waiting: whoever looks at many processes comes back.
     *
     * @param settled whether it had its time: then a version without its patch release will do
     * @throws NoPythonException as {@link #find()}; what is just starting is none yet
     */
    public PythonRuntime findNow(boolean settled) throws NoPythonException {
        RuntimeSearch search = new RuntimeSearch(process, memory, settled);
        return search.find().orElseThrow(search::failure);
    }
}
