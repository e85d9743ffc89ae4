package jspy.python;

import jspy.process.Children;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The processes that seem to be Pythons by the names of their files. Any thread. */
public final class PythonProcesses {
    /** Generations of children that are looked through for Pythons. */
    private static final int MAX_GENERATIONS = 8;

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");

    private final ProcFiles proc;

    public PythonProcesses(ProcFiles proc) {
        this.proc = proc;
    }

    /**
     * A process that seems to be a Python.
     *
     * @param commandLine program and arguments in one line, with spaces between
     */
    public record Seen(TargetProcess process, PythonKind kind, String commandLine) {}

    /** All of the machine but jspy itself; what ends or may not be looked at is left out. */
    public List<Seen> all() {
        List<Seen> found = new ArrayList<>();
        long own = ProcessHandle.current().pid();
        for (int pid : proc.processes()) {
            if (pid != own) {
                add(found, pid);
            }
        }
        return found;
    }

    /** Those that a process has started, directly or through others. */
    public List<Seen> startedBy(int pid) {
        List<Seen> found = new ArrayList<>();
        List<Integer> parents = List.of(pid);
        for (int i = 0; i < MAX_GENERATIONS && !parents.isEmpty() && found.isEmpty(); i++) {
            List<Integer> children = new ArrayList<>();
            for (int parent : parents) {
                children.addAll(Children.of(proc, parent));
            }
            children.forEach(child -> add(found, child));
            parents = children;
        }
        return found;
    }

    // internals

    private void add(List<Seen> found, int pid) {
        try {
            TargetProcess process = TargetProcess.of(proc, pid);
            if (process.stat().isKernelThread()) {
                return;
            }
            PythonKind kind = kind(process);
            if (kind.kind() != PythonKind.Kind.OTHER) {
                String line = String.join(" ", process.commandLine());
                found.add(new Seen(process, kind, CONTROL.matcher(line).replaceAll(" ").trim()));
            }
        } catch (IOException e) {
            // it ended, or is another user's whose program may not be seen
        }
    }

    /** By maps only where the name says nothing: they are long. */
    private static PythonKind kind(TargetProcess process) throws IOException {
        PythonKind kind = PythonKind.ofExecutable(process.executable());
        return kind.kind() == PythonKind.Kind.OTHER
                ? PythonKind.of(process.maps(), process.executable())
                : kind;
    }
}
