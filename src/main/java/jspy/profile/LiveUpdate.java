package jspy.profile;

import java.util.List;
import java.util.Objects;

/**
 * What was seen since the update before: enough for a {@link LiveProfile} to become equal to what
 * the drain thread has. Immutable, so any thread; times are in ns.
 *
 * @param spanNanos the time between the last sample of the update before and the last of this one
 * @param samples samples in that time
 * @param gilNanos for how long somebody held the GIL, summed over processes
 * @param stackNanos for how long the threads that count were seen, summed
 * @param threads threads in the last samples, idle ones too
 * @param processes processes that were sampled
 * @param frames those that are new, in the order of their numbers
 * @param parents of the stacks that are new, in the order of their numbers
 * @param leaves the frames on top of these
 * @param stacks what each thread was doing
 * @param accuracy since the start
 */
public record LiveUpdate(
        long spanNanos,
        long samples,
        long gilNanos,
        long stackNanos,
        int threads,
        int processes,
        List<Frame> frames,
        int[] parents,
        int[] leaves,
        List<ThreadPart> stacks,
        Accuracy accuracy) {
    /**
     * One thread's share.
     *
     * @param name null while it is unknown
     * @param nodes the stacks that were seen, each with its samples and its time
     */
    public record ThreadPart(
            int pid,
            long nativeThreadId,
            long ident,
            String name,
            int[] nodes,
            long[] samples,
            long[] nanos) {}

    public LiveUpdate {
        frames = List.copyOf(frames);
        stacks = List.copyOf(stacks);
        Objects.requireNonNull(accuracy, "accuracy");
    }
}
