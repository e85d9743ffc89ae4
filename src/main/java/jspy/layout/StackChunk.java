package jspy.layout;

/**
 * {@code struct _stack_chunk}: the head of a piece of a thread's data stack, on which its frames
 * lie (3.11+). The same in every version so far, and a test holds it against each.
 * Include/cpython/pystate.h
 */
public final class StackChunk {
    /** {@code previous}: the chunk below, or NULL. */
    public static final long PREVIOUS = 0;

    /** {@code size}: bytes of the chunk, this head included. */
    public static final long SIZE = 8;

    /**
     * {@code top}: what {@code datastack_top} was when a newer chunk was begun, in words from
     * {@code data}.
     */
    public static final long TOP = 16;

    /** {@code data}: where the frames begin. */
    public static final long DATA = 24;

    private StackChunk() {}
}
