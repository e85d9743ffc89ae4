package jspy.cli;

import jspy.profile.StackFilter;
import jspy.sample.LineStyle;
import jspy.sample.Recording;
import jspy.sample.ThreadFilter;

import picocli.CommandLine.ParseResult;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What {@code jspy record} was asked for, checked.
 *
 * @param pid 0 when a program is to be started
 * @param program the program and its arguments, empty when there is a pid
 * @param kill whether the program ends with the recording
 * @param outputs where to
 * @param recording how to sample
 * @param filter what is kept of it
 * @param mergeProcesses whether processes get no frames of their own
 * @param hideProgress whether the progress line is not wanted
 * @param capture whether the program prints into a file
 */
record RecordRequest(
        int pid,
        List<String> program,
        boolean kill,
        OutputNames outputs,
        Recording.Options recording,
        StackFilter filter,
        boolean mergeProcesses,
        boolean hideProgress,
        boolean capture) {

    /** Above it the waiting of the target would be most of what is measured. */
    private static final double MAX_RATE_HZ = 1_000_000;

    static RecordRequest of(ParseResult arguments) throws CommandException {
        String typedPid = arguments.matchedOptionValue("--pid", null);
        List<String> program = arguments.matchedPositionalValue(0, List.<String>of());
        if (typedPid == null && program.isEmpty()) {
            throw CommandException.usage(
                    "record needs --pid PID, or a program: jspy record -- python3 app.py");
        }
        if (typedPid != null && !program.isEmpty()) {
            throw CommandException.usage("record takes --pid or a program, not both");
        }
        boolean kill = Options.has(arguments, "--kill");
        if (kill && typedPid != null) {
            throw CommandException.usage("--kill ends a program that jspy starts, not --pid");
        }
        boolean merge = Options.has(arguments, "--merge-processes");
        if (merge && !Options.has(arguments, "--subprocesses")) {
            throw CommandException.usage("--merge-processes goes with --subprocesses");
        }
        int pid = typedPid == null ? 0 : Attaching.pid(typedPid);
        List<Format> formats = formats(arguments);
        String subject = pid != 0 ? Integer.toString(pid) : fileName(program.getFirst());
        return new RecordRequest(
                pid,
                program,
                kill,
                OutputNames.of(
                        formats, Options.all(arguments, "--output"), subject, ZonedDateTime.now()),
                NativeOptions.apply(
                        arguments,
                        recording(arguments, formats.stream().anyMatch(Format::isTimed))),
                new StackFilter(
                        patterns(arguments, "--thread-filter"),
                        patterns(arguments, "--function-filter"),
                        patterns(arguments, "--exclude")),
                merge,
                Options.has(arguments, "--hideprogress"),
                Options.has(arguments, "--capture"));
    }

    // internals

    private static List<Format> formats(ParseResult arguments) throws CommandException {
        List<Format> formats = new ArrayList<>();
        for (String typed : Options.all(arguments, "--format")) {
            formats.add(Format.of(typed));
        }
        return formats.isEmpty() ? List.of(Format.FLAMEGRAPH) : formats;
    }

    private static Recording.Options recording(ParseResult arguments, boolean timed)
            throws CommandException {
        boolean function = Options.has(arguments, "--function");
        boolean noLines = Options.has(arguments, "--nolineno");
        if (function && noLines) {
            throw CommandException.usage("--function and --nolineno cannot be used together");
        }
        boolean gil = Options.has(arguments, "--gil");
        boolean idle = Options.has(arguments, "--idle");
        return new Recording.Options(
                rate(arguments.matchedOptionValue("--rate", "100")),
                duration(arguments.matchedOptionValue("--duration", "unlimited")),
                gil ? ThreadFilter.GIL_HOLDER : idle ? ThreadFilter.ALL : ThreadFilter.ACTIVE,
                noLines ? LineStyle.NONE : function ? LineStyle.FUNCTION : LineStyle.CURRENT,
                Options.has(arguments, "--full-filenames"),
                timed,
                ReadingOptions.of(arguments),
                Options.has(arguments, "--threads"),
                Options.has(arguments, "--subprocesses"));
    }

    private static List<Pattern> patterns(ParseResult arguments, String option)
            throws CommandException {
        List<Pattern> patterns = new ArrayList<>();
        for (String typed : Options.all(arguments, option)) {
            try {
                patterns.add(Pattern.compile(typed));
            } catch (PatternSyntaxException e) {
                throw CommandException.usage(
                        "%s takes a regular expression, not '%s': %s"
                                .formatted(option, typed, e.getDescription()));
            }
        }
        return List.copyOf(patterns);
    }

    static double rate(String typed) throws CommandException {
        double rate = number(typed);
        if (rate > 0 && rate <= MAX_RATE_HZ) {
            return rate;
        }
        throw CommandException.usage(
                "--rate takes samples a second, more than 0 and at most 1000000, not '%s'"
                        .formatted(typed));
    }

    static long duration(String typed) throws CommandException {
        if (typed.equalsIgnoreCase("unlimited")) {
            return Recording.UNLIMITED;
        }
        double seconds = number(typed);
        if (seconds > 0 && seconds < 1e9) {
            return (long) (seconds * 1e9);
        }
        throw CommandException.usage(
                "--duration takes seconds, more than 0, or 'unlimited', not '%s'".formatted(typed));
    }

    /** NaN for what is no plain number. */
    static double number(String typed) {
        return typed.matches("[0-9]{1,18}(\\.[0-9]{1,9})?")
                ? Double.parseDouble(typed)
                : Double.NaN;
    }

    private static String fileName(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
