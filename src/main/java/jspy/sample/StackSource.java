package jspy.sample;

import jspy.memory.PageCopies;
import jspy.memory.TargetMemory;
import jspy.process.StillnessProof;
import jspy.process.ThreadCores;
import jspy.python.GilPlace;
import jspy.python.ProcessStacks;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;

import java.util.List;
import java.util.function.Supplier;

/**
 * What a sampler reads of a process: the stacks of all its threads, and how certain they are. One
 * sampler thread.
 */
sealed interface StackSource permits StackReader, VisitingReader, NativeReader {
    /** Every stack is as it was at one moment. */
    int PROVED = SampleRecord.PROVED;

    /** Two copies were compared: {@link #agreedFrames} says how far each stack is certain. */
    int TWO_COPIES = SampleRecord.AGREED;

    /** Nothing to report yet: code objects or a deep stack had to be read first. Try again soon. */
    int NOT_WARM = 2;

    int GONE = -1;
    int FAILED = -2;

    /**
     * What reads these interpreters best: where all is under one GIL that says who held it last,
     * its holder alone has to be watched.
     *
     * @param cores gives null where nothing can be proved
     */
    static StackSource of(
            PythonRuntime runtime,
            TargetMemory memory,
            List<GilDomain> domains,
            Supplier<StillnessProof> proof,
            Supplier<ThreadCores> cores,
            CodeTable codes,
            SampleCounters counters) {
        boolean oneGil =
                domains.size() == 1
                        && domains.getFirst().interpreters().length == 1
                        && !runtime.freeThreaded()
                        && !(runtime.gil() instanceof GilPlace.Statics)
                        && !(runtime.gil() instanceof GilPlace.Nowhere);
        return oneGil
                ? new StackReader(
                        memory,
                        runtime.offsets(),
                        runtime.instructionUnits(),
                        domains.getFirst().interpreters(),
                        domains.getFirst().words(runtime),
                        proof.get(),
                        codes,
                        counters)
                : new VisitingReader(memory, runtime, domains, cores.get(), codes, counters);
    }

    /** One sample. One of the constants above. */
    int read();

    /**
     * Reads and walks for a while from wherever the calling thread is, so that what runs on the
     * target's core from then on is compiled code. Nothing is kept of it.
     */
    void rehearse();

    /**
     * Reads these pages with every proved reading from now on, in the same moment; false where
     * stacks are not proved all at once.
     */
    boolean readAlso(PageCopies pages);

    /** The stacks that the last {@link #read} found. */
    ProcessStacks stacks();

    /** How many threads a sample has: those of {@link #stacks}, and others behind them. */
    default int threads() {
        return stacks().count();
    }

    default ThreadStack thread(int index) {
        return stacks().thread(index);
    }

    /** Whether a thread of the last read held its GIL. */
    boolean isHolder(ThreadStack thread);

    /**
     * After {@link #TWO_COPIES}: how many frames at the root of thread {@code index} are certain.
     */
    int agreedFrames(int index);

    /** After {@link #TWO_COPIES}: whether thread {@code index} alone was proved all the same. */
    boolean isProved(int index);

    /** What the proof rests on, for people; empty when nothing is proved. */
    String provedHow();

    /**
     * The stack of thread {@code index} with its native frames, which then counts; null: Python's
     * alone.
     */
    default MergedStack merged(int index) {
        return null;
    }

    /**
     * Lets go what is still to come of a stop that was given up; false while some is. To be called
     * every few milliseconds until then.
     */
    default boolean settle() {
        return true;
    }

    /** The sampler thread is done with it. */
    default void close() {}

    /** Whether reading again cannot give more than this status did. */
    boolean isBest(int status);
}
