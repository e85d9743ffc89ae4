package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;

/** Where nothing runs any more, as in a snapshot: every thread stood still, all on one core. */
public final class FrozenCores implements ThreadCores {
    private int count;

    @Override
    public void clear() {
        count = 0;
    }

    @Override
    public int add(long threadSelf, long nativeId) {
        return count++;
    }

    @Override
    public void addFirst(ReadList list) {}

    @Override
    public void begin() {}

    @Override
    public void addLast(ReadList list) {}

    @Override
    public boolean forget(int listIndex) {
        return false;
    }

    @Override
    public void end(MemorySegment buffer) {}

    @Override
    public boolean stoodStill(int thread) {
        return true;
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
    public void leave() {}

    @Override
    public String how() {
        return "nothing runs";
    }
}
