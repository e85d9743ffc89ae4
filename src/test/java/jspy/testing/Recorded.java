package jspy.testing;

import jspy.profile.Profile;
import jspy.sample.Attachment;
import jspy.sample.LineStyle;
import jspy.sample.ReadMode;
import jspy.sample.Recording;
import jspy.sample.SampleCounters;
import jspy.sample.Sampler;
import jspy.sample.ThreadFilter;

import java.util.List;
import java.util.function.Consumer;

/** A short recording of a program, as {@code jspy record} makes it. */
public record Recorded(Profile profile, SampleCounters counters, Sampler.End end) {
    /** A test that has not its samples by then fails by what it has. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final int LOOK_AGAIN_MILLIS = 20;

    /** Records until there are so many samples. */
    public static Recorded samples(LivePython target, double rateHz, ThreadFilter filter, int many)
            throws Exception {
        return samples(target, rateHz, filter, ReadMode.OWN_CORE, many);
    }

    /** The same, read in this way. */
    public static Recorded samples(
            LivePython target, double rateHz, ThreadFilter filter, ReadMode mode, int many)
            throws Exception {
        return samples(Attachment.to(target.target()), rateHz, filter, mode, many);
    }

    /** The same of a process that the test need not have started itself. */
    public static Recorded samples(
            Attachment target, double rateHz, ThreadFilter filter, ReadMode mode, int many)
            throws Exception {
        return record(target, rateHz, filter, mode, many, Recording::stop);
    }

    /** Records until the target has ended, which it is made to once there are so many samples. */
    public static Recorded untilKilled(
            LivePython target, double rateHz, ThreadFilter filter, int many) throws Exception {
        return record(
                Attachment.to(target.target()),
                rateHz,
                filter,
                ReadMode.OWN_CORE,
                many,
                recording -> target.close());
    }

    public List<SeenStack> stacks() {
        return SeenStack.of(profile);
    }

    // internals

    private static Recorded record(
            Attachment target,
            double rateHz,
            ThreadFilter filter,
            ReadMode mode,
            int many,
            Consumer<Recording> whenEnough)
            throws Exception {
        Recording.Options options =
                new Recording.Options(
                        rateHz,
                        PATIENCE_NANOS,
                        filter,
                        LineStyle.CURRENT,
                        true,
                        true,
                        mode,
                        false,
                        false);
        Recording recording = Recording.start(target, options);
        boolean isEnough = false;
        while (!recording.await(LOOK_AGAIN_MILLIS)) {
            if (!isEnough && recording.counters().get(SampleCounters.SAMPLES) >= many) {
                isEnough = true;
                whenEnough.accept(recording);
            }
        }
        return new Recorded(recording.profile(List.of()), recording.counters(), recording.end());
    }
}
