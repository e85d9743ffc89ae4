package jspy.profile;

/**
 * Collects the numbers of an {@link Accuracy} by name; what is not said is 0 or empty. One thread.
 */
public final class AccuracyBuilder {
    private double rateAskedHz;
    private double rateReachedHz;
    private long samples;
    private long stacks;
    private long proved;
    private long agreed;
    private long torn;
    private long truncated;
    private long unreadable;
    private long retried;
    private long lost;
    private long late;
    private long missed;
    private long errors;
    private double intervalP50Nanos;
    private double intervalP99Nanos;
    private long cpuNanos;
    private long wallNanos;
    private String provedHow = "";
    private NativeShare natives = NativeShare.NONE;

    AccuracyBuilder() {}

    /**
     * @param wanted whether native frames were to be read; else the rest does not count
     */
    public AccuracyBuilder natives(boolean wanted, long merged, long reached) {
        natives = new NativeShare(wanted, merged, reached);
        return this;
    }

    public AccuracyBuilder rateAskedHz(double value) {
        rateAskedHz = value;
        return this;
    }

    public AccuracyBuilder rateReachedHz(double value) {
        rateReachedHz = value;
        return this;
    }

    public AccuracyBuilder samples(long value) {
        samples = value;
        return this;
    }

    public AccuracyBuilder stacks(long value) {
        stacks = value;
        return this;
    }

    public AccuracyBuilder proved(long value) {
        proved = value;
        return this;
    }

    public AccuracyBuilder agreed(long value) {
        agreed = value;
        return this;
    }

    public AccuracyBuilder torn(long value) {
        torn = value;
        return this;
    }

    public AccuracyBuilder truncated(long value) {
        truncated = value;
        return this;
    }

    public AccuracyBuilder unreadable(long value) {
        unreadable = value;
        return this;
    }

    public AccuracyBuilder retried(long value) {
        retried = value;
        return this;
    }

    public AccuracyBuilder lost(long value) {
        lost = value;
        return this;
    }

    public AccuracyBuilder late(long value) {
        late = value;
        return this;
    }

    public AccuracyBuilder missed(long value) {
        missed = value;
        return this;
    }

    public AccuracyBuilder errors(long value) {
        errors = value;
        return this;
    }

    public AccuracyBuilder intervalP50Nanos(double value) {
        intervalP50Nanos = value;
        return this;
    }

    public AccuracyBuilder intervalP99Nanos(double value) {
        intervalP99Nanos = value;
        return this;
    }

    public AccuracyBuilder cpuNanos(long value) {
        cpuNanos = value;
        return this;
    }

    public AccuracyBuilder wallNanos(long value) {
        wallNanos = value;
        return this;
    }

    public AccuracyBuilder provedHow(String value) {
        provedHow = value;
        return this;
    }

    public Accuracy build() {
        return new Accuracy(
                rateAskedHz,
                rateReachedHz,
                samples,
                stacks,
                proved,
                agreed,
                torn,
                truncated,
                unreadable,
                retried,
                lost,
                late,
                missed,
                errors,
                intervalP50Nanos,
                intervalP99Nanos,
                cpuNanos,
                wallNanos,
                provedHow,
                natives);
    }
}
