package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The cores of threads by what the kernel says of each under /proc, where they have no rseq area:
 * see {@link ScheduleProof}. Some 12 µs a thread.
 */
public final class ScheduleCores implements ThreadCores {
    private final CoreSeat seat;
    private final ThreadStates states;
    private final ThreadIds ids;
    private final ThreadControlBlock blocks;

    private int[] listed = new int[16]; // as this /proc lists them, 0: passed over
    private int[] core = new int[16];
    private boolean[] asleep = new boolean[16];
    private boolean[] still = new boolean[16];
    private long[] switches = new long[16];
    private long[] runNanos = new long[16];
    private int count;

    public ScheduleCores(
            CoreSeat seat, ThreadStates states, ThreadIds ids, ThreadControlBlock blocks) {
        this.seat = seat;
        this.states = states;
        this.ids = ids;
        this.blocks = blocks;
    }

    @Override
    public void clear() {
        count = 0;
    }

    @Override
    public int add(long threadSelf, long nativeId) {
        if (count == listed.length) {
            listed = Arrays.copyOf(listed, count * 2);
            core = Arrays.copyOf(core, count * 2);
            asleep = Arrays.copyOf(asleep, count * 2);
            still = Arrays.copyOf(still, count * 2);
            switches = Arrays.copyOf(switches, count * 2);
            runNanos = Arrays.copyOf(runNanos, count * 2);
        }
        listed[count] = ids.listedId(blocks, threadSelf, nativeId);
        core[count] = NOWHERE;
        still[count] = false;
        return count++;
    }

    @Override
    public void addFirst(ReadList list) {}

    @Override
    public void begin() {
        seat.begin();
        for (int thread = 0; thread < count; thread++) {
            still[thread] = look(thread);
            core[thread] = still[thread] ? states.core() : NOWHERE;
            asleep[thread] = still[thread] && states.state() == 'S';
            still[thread] &= states.lookAtSchedule(listed[thread]) == ThreadStates.OK;
            switches[thread] = states.switches();
            runNanos[thread] = states.runNanos();
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
        for (int thread = 0; thread < count; thread++) {
            boolean seen = look(thread);
            boolean stillAsleep = seen && asleep[thread] && states.state() == 'S';
            boolean sameCore = seen && states.core() == core[thread];
            core[thread] = seen ? states.core() : NOWHERE;
            boolean sameCounts =
                    seen
                            && states.lookAtSchedule(listed[thread]) == ThreadStates.OK
                            && states.runNanos() == runNanos[thread]
                            && states.switches() == switches[thread];
            still[thread] &= sameCounts && (stillAsleep || sameCore && core[thread] == seat.core());
            asleep[thread] = stillAsleep;
        }
        boolean kept = seat.kept();
        for (int thread = 0; thread < count; thread++) {
            still[thread] &= asleep[thread] || kept;
        }
    }

    @Override
    public boolean stoodStill(int thread) {
        return still[thread];
    }

    @Override
    public int core(int thread) {
        return core[thread];
    }

    @Override
    public int seat() {
        return seat.core();
    }

    @Override
    public boolean moveTo(int newCore) {
        return seat.moveTo(newCore);
    }

    @Override
    public void leave() {
        seat.avoid(seat.core());
    }

    @Override
    public String how() {
        return "own core of each thread (/proc counters)";
    }

    // internals

    private boolean look(int thread) {
        return listed[thread] != 0 && states.look(listed[thread]) == ThreadStates.OK;
    }
}
