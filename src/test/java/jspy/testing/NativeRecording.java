package jspy.testing;

import jspy.profile.NativeShare;
import jspy.profile.Profile;
import jspy.sample.Attachment;
import jspy.sample.LineStyle;
import jspy.sample.NativeMode;
import jspy.sample.ReadMode;
import jspy.sample.Recording;
import jspy.sample.SampleCounters;
import jspy.sample.ThreadFilter;

import java.util.List;

/** A short recording with native frames, as {@code jspy record --native} makes it. */
public final class NativeRecording {
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    /** Of stacks that do not come to the root. */
    private static final int SHOWN = 2;

    private static final int LOOK_AGAIN_MILLIS = 20;

    private NativeRecording() {}

    /** Records a process that is not the test's own child, until there are so many samples. */
    public static Profile of(
            int pid, double rateHz, NativeMode mode, ThreadFilter filter, int samples)
            throws Exception {
        Recording.Options options =
                new Recording.Options(
                                rateHz,
                                PATIENCE_NANOS,
                                filter,
                                LineStyle.CURRENT,
                                false,
                                true,
                                ReadMode.OWN_CORE,
                                false,
                                false)
                        .with(mode, false);
        Recording recording = Recording.start(Attachment.to(pid), options);
        while (!recording.await(LOOK_AGAIN_MILLIS)) {
            if (recording.counters().get(SampleCounters.SAMPLES) >= samples) {
                recording.stop();
            }
        }
        Profile profile = recording.profile(List.of());
        SampleCounters counters = recording.counters();
        NativeShare natives = profile.accuracy().natives();
        if (natives.reached() < profile.accuracy().stacks()) {
            System.out.printf(
                    "%s; native stacks denied %d, not read %d, unsettled %d, unmatched %d%n",
                    profile.accuracy().summary(),
                    counters.get(SampleCounters.NATIVE_DENIED),
                    counters.get(SampleCounters.NATIVE_UNREAD),
                    counters.get(SampleCounters.NATIVE_UNSETTLED),
                    counters.get(SampleCounters.NATIVE_UNMATCHED));
            SeenStack.of(profile).stream()
                    .filter(SeenStack::isTruncated)
                    .limit(SHOWN)
                    .forEach(stack -> System.out.println("  " + stack.labels()));
        }
        return profile;
    }
}
