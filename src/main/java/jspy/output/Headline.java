package jspy.output;

import jspy.profile.Profile;
import jspy.profile.Target;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a person wants to read first: which program, when, how long. */
final class Headline {
    private static final int MAX_COMMAND_CHARS = 200;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private Headline() {}

    /** The program's command line, and how many more processes there were. */
    static String title(Profile profile) {
        List<Target> targets = profile.targets();
        if (targets.isEmpty()) {
            return "jspy profile";
        }
        String first = targets.getFirst().commandLine();
        String command = first.isBlank() ? "process " + targets.getFirst().pid() : first;
        String shown = TargetText.visible(command, MAX_COMMAND_CHARS);
        int more = targets.size() - 1;
        return more == 0
                ? shown
                : shown + " and " + more + (more == 1 ? " more process" : " more processes");
    }

    /** Process, Python, length and start. */
    static String subtitle(Profile profile, long samples) {
        List<String> parts = new ArrayList<>();
        if (!profile.targets().isEmpty()) {
            Target first = profile.targets().getFirst();
            parts.add("PID " + first.pid());
            if (!first.pythonVersion().isEmpty()) {
                parts.add("CPython " + TargetText.visible(first.pythonVersion(), 40));
            }
        }
        int threads = profile.threads().size();
        parts.add(threads + (threads == 1 ? " thread" : " threads"));
        parts.add(
                String.format(Locale.ROOT, "%,d", samples) + (samples == 1 ? " stack" : " stacks"));
        parts.add(seconds(profile.durationNanos()) + " from " + START.format(profile.start()));
        return String.join(" · ", parts);
    }

    /** Such as {@code 9.98 s} or {@code 12.3 ms}. */
    static String seconds(long nanos) {
        double seconds = nanos / NANOS_PER_SECOND;
        return seconds < 1
                ? String.format(Locale.ROOT, "%.1f ms", seconds * 1000)
                : String.format(Locale.ROOT, "%,.2f s", seconds);
    }
}
