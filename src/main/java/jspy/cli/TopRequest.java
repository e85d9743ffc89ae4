package jspy.cli;

import jspy.sample.LineStyle;
import jspy.sample.Recording;
import jspy.sample.ThreadFilter;

import picocli.CommandLine.ParseResult;

import java.util.List;

/**
 * What {@code jspy top} was asked for, checked.
 *
 * @param pid 0 when a program is to be started
 * @param program the program and its arguments, empty when there is a pid
 * @param periodMillis between two tables
 */
record TopRequest(int pid, List<String> program, long periodMillis, Recording.Options recording) {
    /** Shorter periods hold too few samples to show anything. */
    private static final double MIN_DELAY_SECONDS = 0.05;

    private static final double MAX_DELAY_SECONDS = 3600;

    static TopRequest of(ParseResult arguments) throws CommandException {
        String typedPid = arguments.matchedOptionValue("--pid", null);
        List<String> program = arguments.matchedPositionalValue(0, List.<String>of());
        if (typedPid == null && program.isEmpty()) {
            throw CommandException.usage(
                    "top needs --pid PID, or a program: jspy top -- python3 app.py");
        }
        if (typedPid != null && !program.isEmpty()) {
            throw CommandException.usage("top takes --pid or a program, not both");
        }
        return new TopRequest(
                typedPid == null ? 0 : Attaching.pid(typedPid),
                program,
                period(arguments.matchedOptionValue("--delay", "1")),
                NativeOptions.apply(arguments, recording(arguments)));
    }

    /** Whether only active threads are seen: then their share of the time is known. */
    boolean activeKnown() {
        return recording.filter() == ThreadFilter.ACTIVE;
    }

    // internals

    private static Recording.Options recording(ParseResult arguments) throws CommandException {
        boolean gil = Options.has(arguments, "--gil");
        boolean idle = Options.has(arguments, "--idle");
        return new Recording.Options(
                RecordRequest.rate(arguments.matchedOptionValue("--rate", "100")),
                RecordRequest.duration(arguments.matchedOptionValue("--duration", "unlimited")),
                gil ? ThreadFilter.GIL_HOLDER : idle ? ThreadFilter.ALL : ThreadFilter.ACTIVE,
                LineStyle.CURRENT,
                Options.has(arguments, "--full-filenames"),
                false,
                ReadingOptions.of(arguments),
                false,
                Options.has(arguments, "--subprocesses"));
    }

    private static long period(String typed) throws CommandException {
        double seconds = RecordRequest.number(typed);
        if (seconds >= MIN_DELAY_SECONDS && seconds <= MAX_DELAY_SECONDS) {
            return Math.round(seconds * 1000);
        }
        throw CommandException.usage(
                "--delay takes seconds, 0.05 to 3600, not '%s'".formatted(typed));
    }
}
