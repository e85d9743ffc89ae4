package jspy.process;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The children of a process: {@code task/TID/children} where the kernel has it, else every
 * process's parent is asked. Any thread.
 */
public final class Children {
    private Children() {}

    /** Pids of the living children, in no order; empty for a process that ended. */
    public static List<Integer> of(ProcFiles proc, int pid) {
        try {
            List<Integer> children = new ArrayList<>();
            for (int thread : proc.threads(pid)) {
                String listed = proc.text(pid, "task/" + thread + "/children");
                for (String child : listed.trim().split("\\s+")) {
                    if (!child.isEmpty()) {
                        children.add(Integer.parseInt(child));
                    }
                }
            }
            return children;
        } catch (IOException | NumberFormatException e) {
            return byParent(proc, pid);
        }
    }

    // internals

    private static List<Integer> byParent(ProcFiles proc, int pid) {
        List<Integer> children = new ArrayList<>();
        for (int other : proc.processes()) {
            try {
                ProcessStat stat = ProcessStat.parseOrNull(proc.read(other, "stat"));
                if (stat != null && stat.parentPid() == pid) {
                    children.add(other);
                }
            } catch (IOException ended) {
                // it is gone: nobody's child
            }
        }
        return children;
    }
}
