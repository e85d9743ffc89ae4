package jspy.cli;

import jspy.sample.NativeMode;
import jspy.sample.Recording;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code --native} and {@code --native=all}, and {@code --native-threads} of record and top. */
final class NativeOptions {
    /** The value of {@code --native} without one. */
    private static final String CALLED = "called";

    private static final String ALL = "all";

    private NativeOptions() {}

    static void addTo(CommandSpec spec) {
        addMode(
                spec,
                "the native functions that Python called, too, or all of them; stops each thread"
                        + " that runs for some 30 µs a sample");
        spec.addOption(
                Options.flag("--native, and threads that run no Python", "--native-threads"));
    }

    /** {@code --native} alone. */
    static void addMode(CommandSpec spec, String description) {
        spec.addOption(
                OptionSpec.builder("-n", "--native")
                        .type(String.class)
                        .arity("0..1")
                        .paramLabel(ALL)
                        .description(description)
                        .preprocessor(
                                (arguments, command, option, info) -> {
                                    // what follows without the sign is no value, but a program
                                    if (!"=".equals(info.get("separator"))) {
                                        arguments.push(CALLED);
                                    }
                                    return false;
                                })
                        .build());
    }

    /** What was said where threads without Python cannot be asked for. */
    static NativeMode mode(ParseResult arguments) throws CommandException {
        return mode(arguments.matchedOptionValue("--native", ""), false);
    }

    /** The options with what was said of native frames. */
    static Recording.Options apply(ParseResult arguments, Recording.Options options)
            throws CommandException {
        boolean threads = Options.has(arguments, "--native-threads");
        NativeMode mode = mode(arguments.matchedOptionValue("--native", ""), threads);
        if (mode != NativeMode.NONE && Options.has(arguments, "--nonblocking")) {
            throw CommandException.usage("--native stops threads that run: not with --nonblocking");
        }
        return options.with(mode, threads);
    }

    // internals

    private static NativeMode mode(String typed, boolean threads) throws CommandException {
        return switch (typed) {
            case "" -> threads ? NativeMode.CALLED : NativeMode.NONE;
            case CALLED -> NativeMode.CALLED;
            case ALL -> NativeMode.ALL;
            default ->
                    throw CommandException.usage(
                            "--native or --native=all, not --native=%s".formatted(typed));
        };
    }
}
