package jspy.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that a test may stop by ptrace. It is started by a shell that waits for it: of its own
 * children the JDK would take every stop for the end, as it waits for them on a thread of the same
 * process.
 */
public final class Grandchild implements AutoCloseable {
    private final Process shell;
    private final BufferedReader output;
    private final int pid;

    private Grandchild(Process shell) throws IOException {
        this.shell = shell;
        output = shell.inputReader();
        pid = Integer.parseInt(line());
    }

    /** Starts a command; what it prints comes from {@link #line}. */
    public static Grandchild start(ProcessBuilder command) throws IOException {
        List<String> words =
                new ArrayList<>(List.of("sh", "-c", "\"$@\" & echo $!; wait $!", "sh"));
        words.addAll(command.command());
        return new Grandchild(command.command(words).start());
    }

    public int pid() {
        return pid;
    }

    public String line() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the program ended without a word");
        }
        return line;
    }

    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Integer.toString(pid)).inheritIO().start().waitFor();
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
    }
}
