package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;

/**
 * Shows that one thread of the target did not run while memory was read. Used by the sampler thread
 * in this order: {@link #aim}, {@link #begin}, {@link #addTo} before the ranges of the read, {@link
 * #addTo} after them, the read, {@link #end}. A read in several calls puts the words at the end of
 * each; only the last ones count.
 */
public interface StillnessProof {
    /** The thread stood still: nothing it could have changed did change. */
    int STOOD_STILL = 0;

    /** The thread was last on another core than the sampler: {@link #follow} and read again. */
    int ELSEWHERE = 1;

    /** The sampler left its core, or the thread ran: read again. */
    int RAN = 2;

    /** Nothing can be said of this thread this way. */
    int UNKNOWN = 3;

    /**
     * Selects the thread.
     *
     * @param threadSelf its pthread_t
     * @param nativeId its thread id as the target sees it, 0 when that is not known
     */
    void aim(long threadSelf, long nativeId);

    /** Just before the read. */
    void begin();

    /**
     * Puts what is to be read of the thread on the list; the offset of the copy, or -1 when there
     * is nothing.
     */
    long addTo(ReadList list);

    /** Takes the words read first. */
    void first(MemorySegment buffer, long offset);

    /** Just after the read, with the words read last: one of the constants above. */
    int end(MemorySegment buffer, long offset);

    /** Whether {@link #end} can ever say {@link #STOOD_STILL}. */
    boolean proves();

    /**
     * Moves the calling thread to where the last {@link #end} saw the thread, so that the next read
     * can be proved; false when it may not run there.
     */
    boolean follow();

    /** Moves the calling thread off that core, for work that the thread should not wait for. */
    void leave();

    /**
     * After each read with all its further calls: the thread may run on, if it was this proof that
     * kept it from that.
     */
    default void release() {}

    /**
     * Lets go what is still to come of a stop that was given up; false while some is. To be called
     * every few milliseconds until then.
     */
    default boolean settle() {
        return true;
    }

    /** For people: {@code own core (rseq)}. */
    String how();
}
