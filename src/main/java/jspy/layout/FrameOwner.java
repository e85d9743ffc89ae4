package jspy.layout;

/**
 * {@code enum _frameowner}: the values of {@code owner} in a {@code _PyInterpreterFrame} that stand
 * for Python frames, equal in every version that has them. The values above them are no Python
 * frames: {@link Offsets.Frame#ownerShimMin}. Include/internal/pycore_frame.h
 */
public final class FrameOwner {
    /** {@code FRAME_OWNED_BY_THREAD}: on the thread's data stack. */
    public static final int THREAD = 0;

    /** {@code FRAME_OWNED_BY_GENERATOR}: inside a generator or coroutine on the heap. */
    public static final int GENERATOR = 1;

    /** {@code FRAME_OWNED_BY_FRAME_OBJECT}: moved into its {@code PyFrameObject}; not running. */
    public static final int FRAME_OBJECT = 2;

    private FrameOwner() {}
}
