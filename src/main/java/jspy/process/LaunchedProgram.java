package jspy.process;

import jspy.os.Linux;
import jspy.process.AttachException.Reason;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A program that jspy started as its child: same terminal, same process group (so that Ctrl-C
 * reaches it too), its exit code kept. Any thread.
 */
public final class LaunchedProgram {
    /** Signals, bits/signum-generic.h */
    public static final int INT = 2;

    public static final int TERM = 15;

    private static final int KILL = 9;

    /**
     * The programs between the start and the program: the JDK's helper, and the one that changes
     * the user.
     */
    private static final List<String> HELPERS = List.of("jspawnhelper", "setpriv");

    private static final Duration HELPERS_TAKE_AT_MOST = Duration.ofSeconds(10);
    private static final long LOOK_EVERY_MILLIS = 1;

    private final Process process; // the program, or the shell that waits for it
    private final int pid;
    private final String program;

    /** Null when it had ended before it could be looked at. */
    private final TargetProcess target;

    private LaunchedProgram(Process process, int pid, String program, TargetProcess target) {
        this.process = process;
        this.pid = pid;
        this.program = program;
        this.target = target;
    }

    /** How a program is started. */
    public record Options(List<String> prefix, Path output, boolean traceable) {
        /** As jspy's child, with its terminal and streams. */
        public static Options plain() {
            return new Options(List.of(), null, false);
        }

        /**
         * As another user, as whom {@code sudo} was called: needs root and util-linux's setpriv.
         */
        public Options as(int user, int group) {
            List<String> change =
                    List.of(
                            "setpriv",
                            "--reuid=" + user,
                            "--regid=" + group,
                            "--init-groups",
                            "--");
            return new Options(change, output, traceable);
        }

        /** With no input, and what it prints in a file; null: as jspy. */
        public Options into(Path file) {
            return new Options(prefix, file, traceable);
        }

        /** To be stopped by ptrace: {@link WaitingShell}. */
        public Options traced(boolean isTraced) {
            return new Options(prefix, output, isTraced);
        }
    }

    /** Starts the program; when this returns it runs (the JDK waits for its exec). */
    public static LaunchedProgram start(ProcFiles proc, List<String> command)
            throws AttachException {
        return start(proc, command, Options.plain());
    }

    /** As {@link #start(ProcFiles, List)}. */
    public static LaunchedProgram start(ProcFiles proc, List<String> command, Options options)
            throws AttachException {
        String tried = "program " + command.getFirst();
        List<String> whole = new ArrayList<>(options.prefix());
        whole.addAll(command);
        boolean inShell = options.traceable() && WaitingShell.canStart(command.getFirst());
        Process process;
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(inShell ? WaitingShell.around(whole) : whole).inheritIO();
            if (options.output() != null) {
                builder.redirectInput(new File("/dev/null"))
                        .redirectOutput(options.output().toFile())
                        .redirectErrorStream(true);
            }
            process = builder.start();
        } catch (IOException e) {
            throw new AttachException(
                    Reason.NOT_STARTED, tried, "it cannot be started: " + reason(e), "");
        }
        int parent = (int) (inShell ? process.pid() : ProcessHandle.current().pid());
        int pid = inShell ? programOrZero(proc, process) : (int) process.pid();
        TargetProcess target = pid == 0 ? null : targetOrNull(proc, pid, parent);
        return new LaunchedProgram(process, pid, tried, target);
    }

    public TargetProcess target() throws AttachException {
        if (target == null) {
            throw new AttachException(Reason.ENDED, program, "it ended at once", "");
        }
        return target;
    }

    public int pid() {
        return pid;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** 128 + signal for one that was killed, as a shell says it; empty while it runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    public int waitForExit() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * @return whether it has ended by then
     */
    public boolean waitForExit(Duration atMost) throws InterruptedException {
        return process.waitFor(atMost.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Sends a signal, unless it has ended. */
    public void signal(int number) {
        if (process.isAlive() && pid != 0) {
            new Linux().kill(pid, number);
        }
    }

    /** SIGTERM, and SIGKILL if it is still there after the grace. */
    public int terminate(Duration grace) throws InterruptedException {
        signal(TERM);
        if (!waitForExit(grace)) {
            signal(KILL);
        }
        return process.waitFor();
    }

    // internals

    private static int programOrZero(ProcFiles proc, Process shell) {
        try {
            return WaitingShell.programOf(proc, shell);
        } catch (IOException ended) {
            return 0;
        }
    }

    private static TargetProcess targetOrNull(ProcFiles proc, int pid, int parent) {
        try {
            TargetProcess target = TargetProcess.of(proc, pid);
            if (target.stat().parentPid() != parent) {
                return null;
            }
            waitForHelpers(target);
            return target;
        } catch (IOException e) {
            return null;
        }
    }

    private static void waitForHelpers(TargetProcess target) throws IOException {
        long end = System.nanoTime() + HELPERS_TAKE_AT_MOST.toNanos();
        while (isHelper(target) && System.nanoTime() < end) {
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean isHelper(TargetProcess target) throws IOException {
        if (target.state() == TargetProcess.State.ZOMBIE) {
            return false;
        }
        String path = target.executable();
        return HELPERS.contains(path.substring(path.lastIndexOf('/') + 1));
    }

    /**
     * The JDK says {@code Cannot run program "x": Exec failed, error: 2 (No such file or
     * directory)}.
     */
    private static String reason(IOException e) {
        String message = String.valueOf(e.getMessage()).trim();
        int open = message.lastIndexOf('(');
        return open >= 0 && message.endsWith(")")
                ? message.substring(open + 1, message.length() - 1)
                : message.substring(message.lastIndexOf(": ") + 1).trim();
    }
}
