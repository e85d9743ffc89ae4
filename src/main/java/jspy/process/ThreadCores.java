package jspy.process;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;

/**
 * Shows which of many threads of the target stood still while memory was read, by the cores that
 * they and the reader were on: {@link StillnessProof} for threads that no common lock holds back.
 * Used by the sampler thread in this order: {@link #clear}, {@link #add} each thread, {@link
 * #addFirst} before the ranges of the read, {@link #begin}, {@link #addLast} after them, the read,
 * {@link #end}. A read in several calls puts the last words at the end of each; only the last ones
 * count.
 */
public interface ThreadCores {
    /** {@link #core}: it cannot be told. */
    int NOWHERE = -1;

    /** Forgets the threads. */
    void clear();

    /**
     * One more thread; its number, from 0.
     *
     * @param threadSelf its pthread_t
     * @param nativeId its thread id as the target sees it, 0 when that is not known
     */
    int add(long threadSelf, long nativeId);

    /** Puts what is to be read of each thread on the list. */
    void addFirst(ReadList list);

    /** Just before the first call. */
    void begin();

    /** Puts what is to be read last of each thread on the list. */
    void addLast(ReadList list);

    /**
     * A range of the list is not mapped: whether it was one of a thread, which is then passed over.
     */
    boolean forget(int listIndex);

    /** Just after a call, with all words read. */
    void end(MemorySegment buffer);

    /** Whether a thread has not run since {@link #begin}. */
    boolean stoodStill(int thread);

    /** The core on which a thread was seen last, or {@link #NOWHERE}. */
    int core(int thread);

    /** The core on which the calling thread sits, or {@link #NOWHERE}. */
    int seat();

    /** Moves the calling thread to a core; false when it may not run there. */
    boolean moveTo(int core);

    /** Moves the calling thread off its core, for work that the target should not wait for. */
    void leave();

    /**
     * After each read with all its further calls: the threads may run on, if they were kept from
     * that.
     */
    default void release() {}

    /**
     * Lets go what is still to come of a stop that was given up; false while some is. To be called
     * every few milliseconds until then.
     */
    default boolean settle() {
        return true;
    }

    /** For people: {@code own core of each thread (rseq)}. */
    String how();
}
