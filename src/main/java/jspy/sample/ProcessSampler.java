package jspy.sample;

/**
 * One process on the sampler's side: a reader and an encoder for each of its GILs. Made on any
 * thread, then used by the sampler thread alone; {@link #state} may be asked by others.
 */
final class ProcessSampler {
    /** What became of it. */
    enum State {
        SAMPLED,
        /** The process ended. */
        ENDED,
        /** Many reads in a row failed: it runs another program now, or cannot be read any more. */
        UNREADABLE
    }

    /** Failed reads in a row before the process counts as unreadable: a second at 100 Hz. */
    private static final int MAX_FAILURES = 100;

    private final StackReader[] readers;
    private final SampleEncoder[] encoders;
    private int failures;
    private volatile State state = State.SAMPLED;
    private volatile boolean dropped;

    ProcessSampler(StackReader[] readers, SampleEncoder[] encoders) {
        this.readers = readers;
        this.encoders = encoders;
    }

    State state() {
        return state;
    }

    /** Any thread: it is sampled no more. */
    void drop() {
        dropped = true;
    }

    boolean isDropped() {
        return dropped;
    }

    int streams() {
        return readers.length;
    }

    StackReader reader(int stream) {
        return readers[stream];
    }

    SampleEncoder encoder(int stream) {
        return encoders[stream];
    }

    /** The status of a read; whether the process can still be sampled. */
    boolean read(int status) {
        if (status == StackReader.GONE) {
            state = State.ENDED;
        } else if (status >= 0 && status != StackReader.NOT_WARM) {
            failures = 0;
        } else if (++failures > MAX_FAILURES) {
            state = State.UNREADABLE;
        }
        return state == State.SAMPLED;
    }
}
