package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The cores of threads by their restartable-sequences areas, which lie in the target's memory: see
 * {@link RseqProof}. Two words a thread in the read itself.
 */
public final class RseqCores implements ThreadCores {
    private final CoreSeat seat;
    private final ThreadControlBlock blocks;
    private long[] address = new long[16]; // 0: passed over
    private int[] firstCore = new int[16];
    private int[] lastCore = new int[16];
    private int count;

    private int firstIndex;
    private long firstOffset;
    private int lastIndex;
    private long lastOffset;
    private boolean kept;

    public RseqCores(CoreSeat seat, ThreadControlBlock blocks) {
        this.seat = seat;
        this.blocks = blocks;
    }

    @Override
    public void clear() {
        count = 0;
        kept = false;
    }

    @Override
    public int add(long threadSelf, long nativeId) {
        if (count == address.length) {
            address = Arrays.copyOf(address, count * 2);
            firstCore = Arrays.copyOf(firstCore, count * 2);
            lastCore = Arrays.copyOf(lastCore, count * 2);
        }
        address[count] = threadSelf == 0 ? 0 : blocks.coreAddress(threadSelf);
        firstCore[count] = NOWHERE;
        lastCore[count] = NOWHERE;
        return count++;
    }

    @Override
    public void addFirst(ReadList list) {
        firstIndex = list.count();
        firstOffset = list.usedBytes();
        addAll(list);
    }

    @Override
    public void begin() {
        seat.begin();
    }

    @Override
    public void addLast(ReadList list) {
        lastIndex = list.count();
        lastOffset = list.usedBytes();
        addAll(list);
    }

    @Override
    public boolean forget(int listIndex) {
        for (int from : new int[] {firstIndex, lastIndex}) {
            for (int thread = 0, at = from; thread < count; thread++) {
                if (address[thread] != 0 && at++ == listIndex) {
                    address[thread] = 0;
                    return true;
                }
            }
        }
        return false;
    }

    @Override
    public void end(MemorySegment buffer) {
        kept = seat.kept();
        for (int thread = 0, word = 0; thread < count; thread++) {
            if (address[thread] != 0) {
                long at = (long) word++ * Integer.BYTES;
                firstCore[thread] = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, firstOffset + at);
                lastCore[thread] = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, lastOffset + at);
            } else {
                firstCore[thread] = NOWHERE;
                lastCore[thread] = NOWHERE;
            }
        }
    }

    @Override
    public boolean stoodStill(int thread) {
        return kept
                && lastCore[thread] >= 0
                && lastCore[thread] == seat.core()
                && firstCore[thread] == lastCore[thread];
    }

    @Override
    public int core(int thread) {
        return Math.max(NOWHERE, lastCore[thread]);
    }

    @Override
    public int seat() {
        return seat.core();
    }

    @Override
    public boolean moveTo(int core) {
        return seat.moveTo(core);
    }

    @Override
    public void leave() {
        seat.avoid(seat.core());
    }

    @Override
    public String how() {
        return "own core of each thread (rseq)";
    }

    // internals

    private void addAll(ReadList list) {
        for (int thread = 0; thread < count; thread++) {
            if (address[thread] != 0) {
                list.add(address[thread], Integer.BYTES);
            }
        }
    }
}
