package jspy.process;

import jspy.os.Errno;
import jspy.os.Linux;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Another jspy that records, found by its pid or by that of the launcher which stands for it. */
public final class JspyProcess {
    /** Its answer to a request. */
    public enum Answer {
        SENT,
        NOT_PERMITTED,
        ENDED
    }

    /** {@code SIGUSR1}, bits/signum-arch.h (x86-64, aarch64) */
    private static final int USR1 = 10;

    /** The thread that only a recording has. */
    private static final String SAMPLER = "jspy-sampler";

    /** From a script to the launcher to the Java that records. */
    private static final int MAX_DEPTH = 4;

    private final int pid;

    private JspyProcess(int pid) {
        this.pid = pid;
    }

    /** Empty when neither this process nor one that it started is a jspy that records. */
    public static Optional<JspyProcess> find(ProcFiles proc, int pid) {
        return find(proc, pid, MAX_DEPTH);
    }

    public int pid() {
        return pid;
    }

    /** Has it write what it recorded so far. */
    public Answer flush() {
        return switch (new Linux().kill(pid, USR1)) {
            case 0 -> Answer.SENT;
            case -Errno.EPERM -> Answer.NOT_PERMITTED;
            default -> Answer.ENDED;
        };
    }

    // internals

    private static Optional<JspyProcess> find(ProcFiles proc, int pid, int depth) {
        if (records(proc, pid)) {
            return Optional.of(new JspyProcess(pid));
        }
        if (depth == 0) {
            return Optional.empty();
        }
        return Children.of(proc, pid).stream()
                .flatMap(child -> find(proc, child, depth - 1).stream())
                .findFirst();
    }

    /** A signal that nobody listens to would end the process: so that is asked, too. */
    private static boolean records(ProcFiles proc, int pid) {
        try {
            if (!new ProcessStatus(proc.text(pid, "status")).catches(USR1)) {
                return false;
            }
            for (int thread : proc.threads(pid)) {
                if (isSampler(proc, pid, thread)) {
                    return true;
                }
            }
            return false;
        } catch (IOException ended) {
            return false;
        }
    }

    private static boolean isSampler(ProcFiles proc, int pid, int thread) throws IOException {
        try {
            return proc.text(pid, "task/" + thread + "/comm").strip().equals(SAMPLER);
        } catch (NoSuchFileException ended) {
            return false;
        }
    }
}
