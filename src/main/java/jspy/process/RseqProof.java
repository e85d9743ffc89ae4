package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The proof by the thread's restartable-sequences area, which the kernel keeps in the thread's own
 * memory: {@code rseq.cpu_id} is the core on which the thread last returned to user mode
 * (linux/rseq.h; registered by glibc 2.35 on).
 *
 * <p>Both readings name the sampler's core and the sampler did not leave it in between: the thread
 * can have run neither here, where the sampler was, nor elsewhere, for then it would carry that
 * core's number.
 */
public final class RseqProof implements StillnessProof {
    private final CoreSeat seat;
    private final ThreadControlBlock threads;
    private long address;
    private int firstCore;
    private int lastCore = -1;

    public RseqProof(CoreSeat seat, ThreadControlBlock threads) {
        this.seat = seat;
        this.threads = threads;
    }

    @Override
    public void aim(long threadSelf, long nativeId) {
        address = threadSelf == 0 ? 0 : threads.coreAddress(threadSelf);
    }

    @Override
    public void begin() {
        seat.begin();
    }

    @Override
    public long addTo(ReadList list) {
        return address == 0 ? -1 : list.add(address, Integer.BYTES);
    }

    @Override
    public void first(MemorySegment buffer, long offset) {
        firstCore = offset < 0 ? -1 : buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    @Override
    public int end(MemorySegment buffer, long offset) {
        lastCore = offset < 0 ? -1 : buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
        if (lastCore < 0) {
            return UNKNOWN; // not registered
        }
        if (lastCore != seat.core()) {
            return ELSEWHERE;
        }
        return firstCore == lastCore && seat.kept() ? STOOD_STILL : RAN;
    }

    @Override
    public boolean proves() {
        return true;
    }

    @Override
    public boolean follow() {
        return seat.moveTo(lastCore);
    }

    @Override
    public void leave() {
        seat.avoid(lastCore);
    }

    @Override
    public String how() {
        return "own core (rseq)";
    }
}
