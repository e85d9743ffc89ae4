package jspy.cli;

import jspy.process.JspyProcess;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.util.List;

/** {@code jspy ctl PID flush}: asks a jspy that records for what it has so far. */
final class CtlCommand implements Command {
    private static final String FLUSH = "flush";

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "Has a jspy that records write what it has so far, and go on; as kill -"
                                + FlushSignal.NAME
                                + " PID does.");
        spec.usageMessage().customSynopsis("jspy ctl PID flush");
        spec.addOption(Options.help());
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0..*")
                        .arity("0..*")
                        .type(List.class)
                        .auxiliaryTypes(String.class)
                        .paramLabel("PID")
                        .description("the process of jspy record or jspy top")
                        .build());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException {
        List<String> typed = arguments.matchedPositionalValue(0, List.<String>of());
        if (typed.size() != 2 || !typed.get(1).equals(FLUSH)) {
            throw CommandException.usage(
                    "ctl takes the pid of a jspy, then flush: jspy ctl 1932 flush");
        }
        int pid = pid(typed.getFirst());
        ProcFiles proc = ProcFiles.system();
        JspyProcess jspy = JspyProcess.find(proc, pid).orElseThrow(() -> noJspy(proc, pid));
        switch (jspy.flush()) {
            case SENT ->
                    Messages.say(
                            "process %d writes what it has; it says itself where"
                                    .formatted(jspy.pid()));
            case NOT_PERMITTED ->
                    throw CommandException.failed(
                            "process %d: no permission: it is another user's"
                                    .formatted(jspy.pid()));
            case ENDED -> throw CommandException.failed("process %d ended".formatted(jspy.pid()));
        }
        return 0;
    }

    // internals

    private static int pid(String typed) throws CommandException {
        try {
            int pid = Integer.parseInt(typed);
            if (pid > 0) {
                return pid;
            }
        } catch (NumberFormatException e) {
            throw CommandException.usage("ctl takes a process id, not '%s'".formatted(typed));
        }
        throw CommandException.usage("process ids start at 1");
    }

    private static CommandException noJspy(ProcFiles proc, int pid) {
        try {
            String commandLine = String.join(" ", TargetProcess.of(proc, pid).commandLine());
            return CommandException.failed(
                    "process %d is no jspy that records: %s"
                            .formatted(pid, TargetLine.clean(commandLine)));
        } catch (IOException none) {
            return CommandException.failed("process %d: there is none".formatted(pid));
        }
    }
}
