package jspy.sample;

/**
 * One process on the sampler's side: what reads it and what sends that. Made on any thread, then
 * used by the sampler thread alone; {@link #state} may be asked by others.
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

    private final StackSource reader;
    private final SampleEncoder encoder;
    private final InterpreterWatch interpreters;
    private int failures;
    private volatile State state = State.SAMPLED;
    private volatile boolean dropped;

    ProcessSampler(StackSource reader, SampleEncoder encoder, InterpreterWatch interpreters) {
        this.reader = reader;
        this.encoder = encoder;
        this.interpreters = interpreters;
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

    /** Not the sampler: the interpreters that it reads. */
    InterpreterWatch interpreters() {
        return interpreters;
    }

    StackSource reader() {
        return reader;
    }

    SampleEncoder encoder() {
        return encoder;
    }

    /** Failed reads in a row, the last ones. */
    int failures() {
        return failures;
    }

    /** The status of a read; whether the process can still be sampled. */
    boolean read(int status) {
        if (status == StackSource.GONE) {
            state = State.ENDED;
        } else if (status >= 0 && status != StackSource.NOT_WARM) {
            failures = 0;
        } else if (++failures > MAX_FAILURES) {
            state = State.UNREADABLE;
        }
        return state == State.SAMPLED;
    }
}
