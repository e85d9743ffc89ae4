package jspy.cli;

import jspy.process.Namespaces;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.python.PythonProcesses;
import jspy.python.PythonProcesses.Seen;
import jspy.sample.Attachment;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code jspy list}: the Pythons of this machine. */
final class ListCommand implements Command {
    /** CPU time is measured for so long at least. */
    private static final long MEASURED_MILLIS = 200;

    private static final List<String> HEAD =
            List.of("PID", "VERSION", "USER", "CONTAINER", "THREADS", "CPU", "COMMAND");

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Lists the Python processes of this machine.");
        spec.addOption(Options.help());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        List<Seen> found = new PythonProcesses(ProcFiles.system()).all();
        Map<Integer, Duration> before = new HashMap<>();
        found.forEach(seen -> before.put(seen.process().pid(), cpu(seen.process().pid())));
        long begin = System.nanoTime();
        List<List<String>> rows = new ArrayList<>();
        for (Seen seen : found) {
            rows.add(row(seen));
        }
        long spentMillis = (System.nanoTime() - begin) / 1_000_000;
        if (!found.isEmpty()) {
            Thread.sleep(Math.max(0, MEASURED_MILLIS - spentMillis));
        }
        double nanos = System.nanoTime() - begin;
        for (int i = 0; i < rows.size(); i++) {
            int pid = found.get(i).process().pid();
            double spent = cpu(pid).minus(before.get(pid)).toNanos();
            rows.get(i).set(5, "%.0f%%".formatted(Math.max(0, spent / nanos * 100)));
        }
        if (rows.isEmpty()) {
            Messages.say("there is no Python process that may be seen");
            return 0;
        }
        StandardOutput.print(table(rows));
        return 0;
    }

    // internals

    private static List<String> row(Seen seen) throws InterruptedException {
        TargetProcess process = seen.process();
        List<String> row = new ArrayList<>();
        row.add(Integer.toString(process.pid()));
        row.add(version(seen));
        row.add(ProcessHandle.of(process.pid()).flatMap(p -> p.info().user()).orElse("?"));
        String container = Namespaces.container(process);
        boolean isForeign = Namespaces.foreign(process).contains("pid");
        row.add(!container.isEmpty() ? container : isForeign ? "yes" : "-");
        row.add(threads(process));
        row.add("");
        row.add(seen.commandLine().isEmpty() ? "[ended]" : seen.commandLine());
        return row;
    }

    private static String version(Seen seen) throws InterruptedException {
        if (!seen.kind().mayBeCPython()) {
            return seen.kind().title();
        }
        Optional<String> exact = Attachment.versionOf(seen.process());
        String named = seen.kind().version();
        return exact.orElse(named.isEmpty() ? "?" : named);
    }

    private static String threads(TargetProcess process) {
        try {
            return Integer.toString(process.status().threadCount());
        } catch (IOException e) {
            return "?";
        }
    }

    private static Duration cpu(int pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    private static String table(List<List<String>> rows) {
        List<List<String>> all = new ArrayList<>();
        all.add(HEAD);
        all.addAll(rows);
        boolean isRead = Terminal.is(Terminal.OUT);
        StringBuilder text = new StringBuilder();
        for (List<String> row : all) {
            for (int column = 0; column < HEAD.size() - 1; column++) {
                int at = column;
                int width = all.stream().mapToInt(r -> r.get(at).length()).max().orElse(0);
                boolean isNumber = column == 0 || column == 4 || column == 5;
                String format = "%" + (isNumber ? "" : "-") + width + "s  ";
                text.append(format.formatted(row.get(column)));
            }
            String command = row.getLast();
            text.append(isRead ? TargetLine.brief(command) : TargetLine.clean(command));
            text.append('\n');
        }
        return text.toString();
    }
}
