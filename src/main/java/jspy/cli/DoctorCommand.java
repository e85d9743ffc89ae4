package jspy.cli;

import jspy.process.AttachCheck;
import jspy.process.AttachException;
import jspy.process.Capability;
import jspy.process.Namespaces;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.python.NoPythonException;
import jspy.sample.Attachment;
import jspy.sample.ReadMode;
import jspy.sample.StackDump;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * {@code jspy doctor PID}: what a process is, how jspy can look at it, and what stands in the way.
 * Exit code 0 when it can be sampled.
 */
final class DoctorCommand implements Command {
    private static final int MAX_THREADS_SHOWN = 20;

    private final StringBuilder text = new StringBuilder();

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage()
                .description(
                        "Says what a process is, how jspy can look at it, and what stands in the"
                                + " way.");
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0")
                        .type(String.class)
                        .paramLabel("PID")
                        .description("the process: its id, a name or a pattern")
                        .build());
        spec.addOption(Options.help());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        String typed = arguments.matchedPositionalValue(0, "");
        if (typed.isEmpty()) {
            throw CommandException.usage("doctor needs a process: jspy doctor 1932");
        }
        int pid = Attaching.pid(typed);
        boolean works = examine(pid);
        StandardOutput.print(text.toString());
        return works ? 0 : CommandException.FAILED;
    }

    // internals

    private boolean examine(int pid) throws InterruptedException {
        ProcFiles proc = ProcFiles.system();
        try {
            describe(TargetProcess.of(proc, pid));
        } catch (IOException e) {
            // AttachCheck says why
        }
        try {
            TargetProcess process = new AttachCheck(proc).attach(pid);
            Attachment attachment = Attachment.to(process);
            describe(attachment);
            return true;
        } catch (AttachException e) {
            line("in the way", e.why());
            line("do this", e.remedy());
        } catch (NoPythonException e) {
            line("in the way", e.why());
            e.tried().forEach(tried -> line("tried", tried));
            line("do this", e.remedy());
        } catch (IOException e) {
            line("in the way", "it cannot be read: " + e.getMessage());
        }
        return false;
    }

    private void describe(TargetProcess process) throws IOException {
        line("process", process.pid() + ": " + String.join(" ", process.commandLine()));
        ProcessHandle.Info info =
                ProcessHandle.of(process.pid()).map(ProcessHandle::info).orElse(null);
        if (info != null) {
            String user = info.user().orElse("?");
            String age =
                    info.startInstant()
                            .map(start -> Duration.between(start, Instant.now()).toSeconds() + " s")
                            .orElse("?");
            line("started", age + " ago by user " + user);
        }
        try {
            line("program", process.executable());
        } catch (IOException e) {
            line("program", "may not be seen");
        }
        line("state", process.state().toString().toLowerCase(Locale.ROOT));
        if (process.status().tracerPid() > 0) {
            line("debugger", "process " + process.status().tracerPid() + " traces it");
        }
        line("namespaces", namespaces(process));
        line("container", Namespaces.container(process));
    }

    private static String namespaces(TargetProcess process) throws IOException {
        List<String> said = new ArrayList<>();
        for (String kind : Namespaces.foreign(process)) {
            said.add(
                    switch (kind) {
                        case "pid" ->
                                "its own PIDs (it is %d there)".formatted(process.nativePid());
                        case "mnt" -> "its own mounts";
                        default -> "its own users";
                    });
        }
        String root = Namespaces.root(process);
        if (root.length() > 1) {
            said.add("its root directory is " + root);
        }
        return said.isEmpty() ? "those of jspy" : String.join(", ", said);
    }

    private void describe(Attachment attachment) throws IOException {
        line(
                "python",
                "CPython %s%s"
                        .formatted(
                                attachment.runtime().version(),
                                attachment.runtime().freeThreaded() ? ", free-threaded" : ""));
        line("found in", attachment.runtime().file());
        line("found by", attachment.runtime().foundBy());
        line("read by", attachment.memory().how());
        line("proof", proof(attachment.proof()));
        StackDump dump = attachment.dump(ReadMode.OWN_CORE, UnaryOperator.identity(), 0);
        if (dump == null) {
            line("in the way", "it ended meanwhile");
            return;
        }
        int known = attachment.process().threads().length;
        line("threads", "%d, %d with Python".formatted(known, dump.threads().size()));
        List<StackDump.ThreadDump> threads = dump.threads();
        for (StackDump.ThreadDump thread :
                threads.subList(0, Math.min(threads.size(), MAX_THREADS_SHOWN))) {
            line(
                    "",
                    "%s  0x%x  %s"
                            .formatted(
                                    thread.hostThreadId() == 0 ? "?" : thread.hostThreadId(),
                                    thread.ident(),
                                    thread.name() == null ? "" : thread.name()));
        }
        line("in the way", "nothing: jspy dump --pid " + attachment.process().pid());
    }

    private static String proof(Capability proof) {
        return switch (proof) {
            case Capability.Yes yes -> "from the GIL holder's core, by " + yes.how();
            case Capability.No no ->
                    "none (%s): what two readings agree on counts".formatted(no.reason());
        };
    }

    private void line(String name, String value) {
        if (!value.isEmpty()) {
            text.append("%-12s".formatted(name));
            text.append(TargetLine.clean(value.replace("\n", " "))).append('\n');
        }
    }
}
