package jspy.cli;

import jspy.sample.LineStyle;
import jspy.sample.Recording;
import jspy.sample.ThreadFilter;

import picocli.CommandLine.ParseResult;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * What {@code jspy record} was asked for, checked.
 *
 * @param pid 0 when a program is to be started
 * @param program the program and its arguments, empty when there is a pid
 * @param output where to, {@code -} for standard output
 * @param recording how to sample
 */
record RecordRequest(
        int pid, List<String> program, String output, Format format, Recording.Options recording) {

    /** Above it the waiting of the target would be most of what is measured. */
    private static final double MAX_RATE_HZ = 1_000_000;

    /** As py-spy names files, without the colons that some systems cannot have. */
    private static final DateTimeFormatter FILE_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ssxx", Locale.ROOT);

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
        int pid = typedPid == null ? 0 : Attaching.pid(typedPid);
        Format format = Format.of(arguments.matchedOptionValue("--format", "flamegraph"));
        String output = arguments.matchedOptionValue("--output", null);
        if (output == null) {
            String subject = pid != 0 ? Integer.toString(pid) : fileName(program.getFirst());
            output =
                    subject
                            + "-"
                            + FILE_TIME.format(ZonedDateTime.now())
                            + "."
                            + format.extension();
        }
        return new RecordRequest(pid, program, output, format, recording(arguments, format));
    }

    // internals

    private static Recording.Options recording(ParseResult arguments, Format format)
            throws CommandException {
        boolean function = arguments.matchedOptionValue("--function", false);
        boolean noLines = arguments.matchedOptionValue("--nolineno", false);
        if (function && noLines) {
            throw CommandException.usage("--function and --nolineno cannot be used together");
        }
        boolean gil = arguments.matchedOptionValue("--gil", false);
        boolean idle = arguments.matchedOptionValue("--idle", false);
        return new Recording.Options(
                rate(arguments.matchedOptionValue("--rate", "100")),
                duration(arguments.matchedOptionValue("--duration", "unlimited")),
                gil ? ThreadFilter.GIL_HOLDER : idle ? ThreadFilter.ALL : ThreadFilter.ACTIVE,
                noLines ? LineStyle.NONE : function ? LineStyle.FUNCTION : LineStyle.CURRENT,
                arguments.matchedOptionValue("--full-filenames", false),
                format.isTimed(),
                arguments.matchedOptionValue("--nonblocking", false),
                arguments.matchedOptionValue("--threads", false),
                arguments.matchedOptionValue("--subprocesses", false));
    }

    private static double rate(String typed) throws CommandException {
        double rate = number(typed);
        if (rate > 0 && rate <= MAX_RATE_HZ) {
            return rate;
        }
        throw CommandException.usage(
                "--rate takes samples a second, more than 0 and at most 1000000, not '%s'"
                        .formatted(typed));
    }

    private static long duration(String typed) throws CommandException {
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
    private static double number(String typed) {
        return typed.matches("[0-9]{1,18}(\\.[0-9]{1,9})?")
                ? Double.parseDouble(typed)
                : Double.NaN;
    }

    private static String fileName(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
