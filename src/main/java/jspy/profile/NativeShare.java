package jspy.profile;

import java.util.Locale;

/**
 * How many stacks of a profile have their native frames.
 *
 * @param wanted whether native frames were read at all
 * @param merged stacks with native frames: each Python frame under the native one that runs it, as
 *     every anchor of the eval loop lay in one
 * @param reached of these, those whose native frames go down to the root
 */
public record NativeShare(boolean wanted, long merged, long reached) {
    /** Of a profile of Python frames alone. */
    public static final NativeShare NONE = new NativeShare(false, 0, 0);

    /** For the line that sums a profile up; empty where native frames were not wanted. */
    String summary(long stacks) {
        if (!wanted || stacks == 0) {
            return "";
        }
        double percent = Math.floor(1000.0 * reached / stacks) / 10; // 100.0 only when all are
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, " · native: %.1f %% to the root", percent));
        append(text, merged - reached, "truncated");
        append(text, stacks - merged, "Python alone");
        return text.toString();
    }

    // internals

    private static void append(StringBuilder text, long count, String what) {
        if (count != 0) {
            text.append(String.format(Locale.ROOT, ", %,d %s", count, what));
        }
    }
}
