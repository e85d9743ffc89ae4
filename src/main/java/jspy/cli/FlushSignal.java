package jspy.cli;

/**
 * USR1: a wish to have what was recorded so far, while the recording goes on. Whoever records asks
 * {@link #wanted} now and then.
 */
final class FlushSignal {
    /** As {@code kill -l} names it. */
    static final String NAME = "USR1";

    private volatile boolean wanted;

    private FlushSignal() {}

    /**
     * From now on the signal is a wish. Where the JDK cannot do that, there are no wishes: jspy ctl
     * finds out that nobody listens, and says so.
     */
    static FlushSignal listen() {
        FlushSignal signal = new FlushSignal();
        Signals.on(NAME, () -> signal.wanted = true);
        return signal;
    }

    /** Whether somebody wished it since this was asked last. */
    boolean wanted() {
        boolean was = wanted;
        if (was) {
            wanted = false;
        }
        return was;
    }
}
