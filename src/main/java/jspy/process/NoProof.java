package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;

/** Where nothing shows that a thread stood still: every read is {@link #UNKNOWN}. */
public final class NoProof implements StillnessProof {
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
        return UNKNOWN;
    }

    @Override
    public boolean proves() {
        return false;
    }

    @Override
    public boolean follow() {
        return false;
    }

    @Override
    public void leave() {}

    @Override
    public String how() {
        return "";
    }
}
