package jspy.process;

import jspy.memory.ReadList;
import jspy.os.LinuxKernel;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Many threads that stand still at once, by a short stop (ptrace) of those that run: see {@link
 * HeldThread}. All are asked before the first is awaited. Where they are does not matter: as in a
 * snapshot, all count as on one core. Sampler thread, a platform thread that ends with it.
 */
public final class StopCores implements ThreadCores {
    /**
     * One that does not get a core for so long is given up: the others stand while it is awaited.
     */
    private static final long PATIENCE_NANOS = 10_000_000;

    private final LinuxKernel kernel;
    private final ThreadStates states;
    private final ThreadIds ids;
    private final ThreadControlBlock blocks;

    private HeldThread[] held = new HeldThread[0];
    private long[] self = new long[0]; // with the native id: what listed was found by
    private long[] nativeIds = new long[0];
    private int[] listed = new int[0]; // as this /proc lists them, 0: passed over
    private boolean[] still = new boolean[0];
    private int count;

    public StopCores(
            LinuxKernel kernel, ThreadStates states, ThreadIds ids, ThreadControlBlock blocks) {
        this.kernel = kernel;
        this.states = states;
        this.ids = ids;
        this.blocks = blocks;
    }

    @Override
    public void clear() {
        release();
        count = 0;
    }

    @Override
    public int add(long threadSelf, long nativeId) {
        if (count == held.length) {
            grow();
        }
        if (self[count] != threadSelf || nativeIds[count] != nativeId || listed[count] == 0) {
            self[count] = threadSelf;
            nativeIds[count] = nativeId;
            listed[count] = ids.listedId(blocks, threadSelf, nativeId);
        }
        still[count] = false;
        return count++;
    }

    @Override
    public void addFirst(ReadList list) {}

    @Override
    public void begin() {
        for (int i = 0; i < count; i++) {
            // one OS thread may have several thread states
            if (listed[i] != 0 && firstOf(listed[i]) == i) {
                held[i].ask(listed[i]);
            }
        }
        long deadline = kernel.monotonicNanos() + PATIENCE_NANOS;
        for (int i = 0; i < count; i++) {
            held[i].arrive(deadline);
            still[i] = listed[i] != 0;
            if (held[i].hasEnded()) {
                listed[i] = 0; // its id may come to be another's
            }
        }
    }

    @Override
    public void addLast(ReadList list) {}

    @Override
    public boolean forget(int listIndex) {
        return false;
    }

    @Override
    public void end(MemorySegment buffer) {
        for (int i = 0; i < count; i++) {
            still[i] &= listed[i] != 0 && held[firstOf(listed[i])].stoodStill();
        }
    }

    @Override
    public boolean stoodStill(int thread) {
        return still[thread];
    }

    @Override
    public int core(int thread) {
        return 0;
    }

    @Override
    public int seat() {
        return 0;
    }

    @Override
    public boolean moveTo(int core) {
        return true;
    }

    @Override
    public void leave() {
        release();
    }

    @Override
    public void release() {
        for (int i = 0; i < count; i++) {
            held[i].release();
        }
    }

    @Override
    public boolean settle() {
        boolean isSettled = true;
        for (HeldThread one : held) {
            isSettled &= one.settle();
        }
        return isSettled;
    }

    @Override
    public String how() {
        return "stopped (ptrace)";
    }

    // internals

    private int firstOf(int thread) {
        for (int i = 0; ; i++) {
            if (listed[i] == thread) {
                return i;
            }
        }
    }

    private void grow() {
        int room = Math.max(8, count * 2);
        held = Arrays.copyOf(held, room);
        for (int i = count; i < room; i++) {
            held[i] = new HeldThread(kernel, states);
        }
        self = Arrays.copyOf(self, room);
        nativeIds = Arrays.copyOf(nativeIds, room);
        listed = Arrays.copyOf(listed, room);
        still = Arrays.copyOf(still, room);
    }
}
