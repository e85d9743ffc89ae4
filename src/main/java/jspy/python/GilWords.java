package jspy.python;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;

/**
 * One GIL's words, read first and last in every sample: who held it last, whether it is held, how
 * often it changed hands. Equal at both ends and the last holder standing still between them: no
 * Python stack under this GIL changed.
 *
 * <p>The last holder's number stays after a release, and the same thread can take the GIL again
 * without a trace in the count of switches: so the last holder counts as the holder even while
 * nobody holds it. One sampler thread; allocates nothing.
 */
public sealed interface GilWords permits GilStruct, GilStatics {
    /** Puts the words on the list; the offset of their copy. */
    long addTo(ReadList list);

    /** Takes the words of a copy as those of this moment. */
    void take(MemorySegment buffer, long offset);

    /** Whether a copy equals what was taken. */
    boolean same(MemorySegment buffer, long offset);

    /**
     * The {@code PyThreadState} that holds the GIL, or held it last; 0 before the first, and where
     * nobody holds it and nothing says who did.
     */
    long lastHolder();

    boolean isHeld();

    /** How often it changed hands; always 0 where that is not known. */
    long switches();
}
