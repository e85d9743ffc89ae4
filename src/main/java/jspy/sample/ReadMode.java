package jspy.sample;

/** How a sampler makes sure that what it reads is of one moment. */
public enum ReadMode {
    /** From the core of the thread that could change it, which waits its turn: the default. */
    OWN_CORE,
    /** The threads that run are stopped for each read: {@code --blocking}. */
    STOPPED,
    /** Not at all: {@code --nonblocking}. */
    UNPROVED;

    /** As two options say it. */
    public static ReadMode of(boolean blocking, boolean nonblocking) {
        return blocking ? STOPPED : nonblocking ? UNPROVED : OWN_CORE;
    }
}
