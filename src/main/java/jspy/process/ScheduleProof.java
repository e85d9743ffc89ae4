package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;

/**
 * The proof by what the kernel says of the thread under /proc, where it has no rseq area (glibc
 * before 2.35, musl): its core ({@code stat}, field 39) is the sampler's own, the sampler did not
 * leave that core, and the thread has not been scheduled in between ({@code schedstat}). A thread
 * that sleeps at both ends with the same counts stood still wherever it is. Some 12 µs dearer a
 * read than {@link RseqProof}.
 */
public final class ScheduleProof implements StillnessProof {
    private final CoreSeat seat;
    private final ThreadStates states;
    private final ThreadIds ids;
    private final ThreadControlBlock blocks;

    private long aimedAt;
    private int thread; // as this /proc lists it, 0: none
    private boolean seen;
    private boolean asleep;
    private int core = -1;
    private long runNanos;
    private long switches;

    public ScheduleProof(
            CoreSeat seat, ThreadStates states, ThreadIds ids, ThreadControlBlock blocks) {
        this.seat = seat;
        this.states = states;
        this.ids = ids;
        this.blocks = blocks;
    }

    @Override
    public void aim(long threadSelf, long nativeId) {
        if (threadSelf != aimedAt || thread == 0) {
            aimedAt = threadSelf;
            thread = ids.listedId(blocks, threadSelf, nativeId);
        }
    }

    @Override
    public void begin() {
        seat.begin();
        seen = look();
        asleep = seen && states.state() == 'S';
        core = seen ? states.core() : -1;
        seen = seen && states.lookAtSchedule(thread) == ThreadStates.OK;
        runNanos = states.runNanos();
        switches = states.switches();
    }

    @Override
    public long addTo(ReadList list) {
        return -1;
    }

    @Override
    public void first(MemorySegment buffer, long offset) {}

    @Override
    public int end(MemorySegment buffer, long offset) {
        if (!seen || !look()) {
            return thread == 0 ? UNKNOWN : RAN;
        }
        boolean stillAsleep = asleep && states.state() == 'S';
        boolean sameCore = states.core() == core;
        core = states.core();
        boolean sameCounts =
                states.lookAtSchedule(thread) == ThreadStates.OK
                        && states.runNanos() == runNanos
                        && states.switches() == switches;
        if (stillAsleep && sameCounts) {
            return STOOD_STILL;
        }
        if (core != seat.core()) {
            return ELSEWHERE;
        }
        return sameCore && sameCounts && seat.kept() ? STOOD_STILL : RAN;
    }

    @Override
    public boolean proves() {
        return true;
    }

    @Override
    public boolean follow() {
        return seat.moveTo(core);
    }

    @Override
    public void leave() {
        seat.avoid(core);
    }

    @Override
    public String how() {
        return "own core (/proc counters)";
    }

    // internals

    private boolean look() {
        return thread != 0 && states.look(thread) == ThreadStates.OK;
    }
}
