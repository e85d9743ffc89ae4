package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;

/** Where nothing runs any more, as in a snapshot: every thread stood still. */
public final class FrozenProof implements StillnessProof {
    @Override
    public void aim(long threadSelf, long nativeId) {}

    @Override
    public void begin() {}

    @Override
    public long addTo(ReadList list) {
        return -1;
    }

    @Override
    public void first(MemorySegment buffer, long offset) {}

    @Override
    public int end(MemorySegment buffer, long offset) {
        return STOOD_STILL;
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
    public void leave() {}

    @Override
    public String how() {
        return "nothing runs";
    }
}
