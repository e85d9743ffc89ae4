package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;

/** The options of {@code jspy dump}: py-spy's names and defaults, and some more. */
final class DumpOptions {
    private DumpOptions() {}

    static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Prints the stack of every thread, once.");
        spec.usageMessage()
                .customSynopsis(
                        "jspy dump [OPTIONS] --pid PID",
                        "       jspy dump [OPTIONS] --core FILE | --snapshot FILE");
        spec.addOption(Options.pid());
        spec.addOption(Options.flag("child processes too, the whole tree", "-s", "--subprocesses"));
        ReadingOptions.addTo(spec);
        NativeOptions.addMode(
                spec,
                "the native functions that Python called, too, or all of them; stops each thread"
                        + " that runs for some milliseconds");
        spec.addOption(
                Options.flag(
                        "show whole file names, not those from the package on",
                        "--full-filenames"));
        spec.addOption(
                Options.value(
                        "FILE",
                        "also keep what was read, for --snapshot on any machine",
                        "--capture"));
        spec.addOption(
                Options.value("FILE", "print the stacks of a captured process", "--snapshot"));
        spec.addOption(Options.flag("JSON, with py-spy's fields", "-j", "--json"));
        spec.addOption(Options.value("FILE", "print the stacks of a core file", "-c", "--core"));
        spec.addOption(
                Options.value("FILE", "where the program of the core file is now", "--executable"));
        spec.addOption(
                Options.repeated(
                        "show the arguments and local variables of every frame; -ll shows more of"
                                + " each",
                        "-l",
                        "--locals"));
        spec.addOption(Options.help());
        return spec;
    }
}
