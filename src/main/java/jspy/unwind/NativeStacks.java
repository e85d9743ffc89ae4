package jspy.unwind;

/** Native stacks of threads, read one after the other. One thread. */
public interface NativeStacks {
    /** What else is to be read while the thread stands still; must neither block nor throw. */
    @FunctionalInterface
    interface WhileStill {
        void read();
    }

    /**
     * Reads a thread's stack.
     *
     * @return negative when it could not be read: the constants of {@link NativeStackReader}
     */
    int read(int thread, WhileStill whileStill);

    /** Whether the thread that was read last slept until then. */
    boolean slept();

    /** Why the last stack ends where it does: {@link UnwindEnd}. */
    int end();

    /** Has the frames of the last stack. */
    Unwinder unwinder();

    /** The last stack as it was copied, until the next {@link #read}. */
    StackCopy stack();
}
