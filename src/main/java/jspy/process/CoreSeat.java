package jspy.process;

import jspy.os.LinuxKernel;
import jspy.os.OwnRseq;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The core on which the calling thread sits: it is moved there and stays, and its rseq area tells
 * whether it left in between, or, where there is none, the kernel's counters. One thread at a time.
 */
public final class CoreSeat {
    /** {@code CPU_SETSIZE} of bits/cpu-set.h is 1024; machines have more since. */
    private static final int MAX_CORES = 8192;

    private final LinuxKernel kernel;
    private final MemorySegment mask = Arena.ofAuto().allocate(MAX_CORES / 8, 8);
    private final MemorySegment allowed = Arena.ofAuto().allocate(MAX_CORES / 8, 8);
    private final MemorySegment usage = Arena.ofAuto().allocate(LinuxKernel.Rusage.SIZE_BYTES, 8);
    private int core = -1;
    private long voluntary;
    private long involuntary;
    private Thread watched; // the thread that rseq is of
    private OwnRseq rseq; // null: the kernel's switch counts are asked for

    public CoreSeat(LinuxKernel kernel) {
        this.kernel = kernel;
        kernel.getAffinity(allowed.address(), allowed.byteSize());
    }

    /** The core the thread is bound to, -1 when it is bound to none. */
    public int core() {
        return core;
    }

    /** Binds the thread to a core; false when it may not run there. */
    public boolean moveTo(int newCore) {
        if (newCore == core) {
            return true;
        }
        if (newCore < 0 || newCore >= MAX_CORES) {
            return false;
        }
        mask.fill((byte) 0);
        mask.set(ValueLayout.JAVA_BYTE, newCore >> 3, (byte) (1 << (newCore & 7)));
        if (kernel.setAffinity(mask.address(), mask.byteSize()) < 0) {
            return false;
        }
        core = newCore;
        return true;
    }

    /** Binds the thread to every allowed core but this one; to all where there is no other. */
    public void avoid(int avoided) {
        mask.copyFrom(allowed);
        if (avoided >= 0 && avoided < MAX_CORES) {
            byte others = mask.get(ValueLayout.JAVA_BYTE, avoided >> 3);
            mask.set(ValueLayout.JAVA_BYTE, avoided >> 3, (byte) (others & ~(1 << (avoided & 7))));
        }
        if (kernel.setAffinity(mask.address(), mask.byteSize()) < 0) {
            kernel.setAffinity(allowed.address(), allowed.byteSize());
        }
        core = -1;
    }

    /** Lets the thread run where it was allowed to at first. */
    public void leave() {
        kernel.setAffinity(allowed.address(), allowed.byteSize());
        core = -1;
    }

    /** Watches from now on whether the thread leaves its core. */
    public void begin() {
        if (watched != Thread.currentThread()) {
            watched = Thread.currentThread();
            rseq = OwnRseq.ofThisThread(kernel);
        }
        if (rseq != null) {
            rseq.begin();
            return;
        }
        kernel.threadUsage(usage.address());
        voluntary = usage.get(ValueLayout.JAVA_LONG, LinuxKernel.Rusage.VOLUNTARY_SWITCHES);
        involuntary = usage.get(ValueLayout.JAVA_LONG, LinuxKernel.Rusage.INVOLUNTARY_SWITCHES);
    }

    /**
     * Whether the thread has not been off its core since {@link #begin}: no other thread ran there.
     */
    public boolean kept() {
        if (rseq != null) {
            return rseq.kept();
        }
        kernel.threadUsage(usage.address());
        return voluntary == usage.get(ValueLayout.JAVA_LONG, LinuxKernel.Rusage.VOLUNTARY_SWITCHES)
                && involuntary
                        == usage.get(
                                ValueLayout.JAVA_LONG, LinuxKernel.Rusage.INVOLUNTARY_SWITCHES);
    }
}
