package jspy.cli;

import jspy.sample.ReadMode;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code --blocking} and {@code --nonblocking}: how stacks are read. */
final class ReadingOptions {
    private ReadingOptions() {}

    static void addTo(CommandSpec spec) {
        spec.addOption(
                Options.flag(
                        "stop what runs for each sample, some 50 µs, instead of taking turns with"
                                + " it",
                        "--blocking"));
        spec.addOption(
                Options.flag(
                        "read from another core: no waiting for the target, no proof",
                        "--nonblocking"));
    }

    static ReadMode of(ParseResult arguments) throws CommandException {
        boolean blocking = Options.has(arguments, "--blocking");
        boolean nonblocking = Options.has(arguments, "--nonblocking");
        if (blocking && nonblocking) {
            throw CommandException.usage("either --blocking or --nonblocking");
        }
        return ReadMode.of(blocking, nonblocking);
    }
}
