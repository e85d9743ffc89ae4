package jspy.cli;

import jspy.sample.Attachment;
import jspy.sample.StackDump;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.util.function.UnaryOperator;

/** {@code jspy dump}: the stack of every thread, once. */
final class DumpCommand implements Command {
    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Prints the stack of every thread, once.");
        spec.addOption(
                OptionSpec.builder("-p", "--pid")
                        .type(String.class)
                        .paramLabel("PID")
                        .description("the process, decimal or hexadecimal (0x…)")
                        .build());
        spec.addOption(
                OptionSpec.builder("--nonblocking")
                        .type(boolean.class)
                        .description("read from another core: no waiting for the target, no proof")
                        .build());
        spec.addOption(
                OptionSpec.builder("--full-filenames")
                        .type(boolean.class)
                        .description("show whole file names, not those from the package on")
                        .build());
        spec.addOption(Options.help());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        String typed = arguments.matchedOptionValue("--pid", null);
        if (typed == null) {
            throw CommandException.usage("dump needs --pid PID");
        }
        int pid = Attaching.pid(typed);
        boolean full = arguments.matchedOptionValue("--full-filenames", false);
        boolean nonblocking = arguments.matchedOptionValue("--nonblocking", false);
        Attachment attachment = Attaching.attach(pid);
        UnaryOperator<String> shorten = full ? UnaryOperator.identity() : attachment.shortNames();
        try {
            StackDump dump = attachment.dump(nonblocking, shorten);
            if (dump == null) {
                throw CommandException.failed("process %d ended".formatted(pid));
            }
            System.out.print(DumpText.of(attachment, dump, full));
            if (System.out.checkError()) {
                return 0; // the reader has what it wants: dump | head
            }
            if (!dump.proved()) {
                System.err.println("jspy: " + unproved(nonblocking, attachment));
            }
            return 0;
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot read process %d: %s".formatted(pid, e.getMessage()));
        }
    }

    // internals

    private static String unproved(boolean nonblocking, Attachment attachment) {
        return nonblocking
                ? "read without a proof (--nonblocking); what two readings did not agree on is"
                        + " [torn]"
                : "these stacks are not proved: " + attachment.proof().describe();
    }
}
