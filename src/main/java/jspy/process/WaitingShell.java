package jspy.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A shell between jspy and a program that is to be stopped by ptrace: it waits for the program and
 * ends with its exit code. Of its own children the JDK takes every stop for the end, as it waits
 * for them on a thread of the same process.
 *
 * <p>The program has the terminal, the process group, the streams and the signals that it would
 * have as jspy's own child; the shell outlives the signals that reach both.
 */
final class WaitingShell {
    /** The shell's own words ("Terminated") are nobody's business. */
    private static final String SCRIPT =
            "trap : INT QUIT TERM HUP; exec 3>&2 2>/dev/null; (exec \"$@\" 2>&3 3>&-); exit $?";

    private static final long LOOK_EVERY_MILLIS = 1;

    private WaitingShell() {}

    /** What to start for a program to run in such a shell. */
    static List<String> around(List<String> program) {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SCRIPT, "sh"));
        command.addAll(program);
        return command;
    }

    /** Whether there is such a program: the shell's own message would be worse than the JDK's. */
    static boolean canStart(String program) {
        if (program.contains("/")) {
            return isProgram(Path.of(program));
        }
        for (String folder : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
            if (isProgram(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    /** The program's pid, once it runs; 0 when it has ended. */
    static int programOf(ProcFiles proc, Process shell) throws IOException {
        int pid = (int) shell.pid();
        byte[] own = proc.read(pid, "cmdline");
        while (shell.isAlive()) {
            for (int child : Children.of(proc, pid)) {
                // before its exec the child is a copy of the shell
                byte[] command = proc.read(child, "cmdline");
                if (command.length > 0 && !Arrays.equals(command, own)) {
                    return child;
                }
            }
            try {
                Thread.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return 0;
            }
        }
        return 0;
    }

    // internals

    private static boolean isProgram(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }
}
