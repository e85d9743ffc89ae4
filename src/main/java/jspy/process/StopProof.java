package jspy.process;

import jspy.memory.ReadList;
import jspy.os.LinuxKernel;

import java.lang.foreign.MemorySegment;

/**
 * The proof by a short stop (ptrace) of the one thread that could change anything: see {@link
 * HeldThread}. It needs no core of its own and no rseq, and costs the thread some 25 µs a sample.
 * Between two reads nothing is held. Sampler thread, a platform thread that ends with it.
 */
public final class StopProof implements StillnessProof {
    /** Until a thread that waits for a core gets it, on a starved machine. Nothing is held then. */
    private static final long PATIENCE_NANOS = 1_000_000_000;

    private final LinuxKernel kernel;
    private final ThreadIds ids;
    private final ThreadControlBlock blocks;
    private final ThreadStates states;

    private HeldThread held; // made on the thread that uses it
    private long aimedAt;
    private long aimedNativeId;
    private int thread; // as this /proc lists it, 0: none

    public StopProof(
            LinuxKernel kernel, ThreadStates states, ThreadIds ids, ThreadControlBlock blocks) {
        this.kernel = kernel;
        this.ids = ids;
        this.blocks = blocks;
        this.states = states;
    }

    @Override
    public void aim(long threadSelf, long nativeId) {
        if (threadSelf != aimedAt || nativeId != aimedNativeId || thread == 0) {
            aimedAt = threadSelf;
            aimedNativeId = nativeId;
            thread = threadSelf == 0 ? 0 : ids.listedId(blocks, threadSelf, nativeId);
        }
    }

    @Override
    public void begin() {
        if (held == null) {
            held = new HeldThread(kernel, states);
        }
        held.release();
        if (thread != 0) {
            held.ask(thread);
            held.arrive(kernel.monotonicNanos() + PATIENCE_NANOS);
            if (held.hasEnded()) {
                thread = 0; // its id may come to be another's
            }
        }
    }

    @Override
    public long addTo(ReadList list) {
        return -1;
    }

    @Override
    public void first(MemorySegment buffer, long offset) {}

    @Override
    public int end(MemorySegment buffer, long offset) {
        if (thread == 0 || held.isDenied()) {
            return UNKNOWN;
        }
        return held.stoodStill() ? STOOD_STILL : RAN;
    }

    @Override
    public boolean proves() {
        return true;
    }

    @Override
    public boolean follow() {
        return true;
    }

    @Override
    public void leave() {
        release();
    }

    @Override
    public void release() {
        if (held != null) {
            held.release();
        }
    }

    @Override
    public boolean settle() {
        return held == null || held.settle();
    }

    @Override
    public String how() {
        return "stopped (ptrace)";
    }
}
