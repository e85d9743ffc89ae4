package jspy.testing;

import jspy.memory.LiveMemory;
import jspy.os.Linux;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A Python program that a test runs and looks at. The program prints a line when it has reached the
 * state that the test wants, and ends when its standard input does: so none outlives its test.
 */
public final class LivePython implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private int pid;

    private LivePython(Process process) {
        this.process = process;
        pid = (int) process.pid();
        this.output = process.inputReader();
    }

    /** Runs a program given as text and waits for its first line. */
    public static LivePython run(Python python, String program) throws IOException {
        return start(python.command("-u", "-c", program));
    }

    /** Starts a command and waits for its first line. */
    public static LivePython start(ProcessBuilder command) throws IOException {
        LivePython started = new LivePython(command.start());
        started.line();
        return started;
    }

    /**
     * As {@link #start}, as the child of a shell: of its own children the JDK takes every stop by
     * ptrace for the end.
     */
    public static LivePython startTraceable(ProcessBuilder command) throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "\"$@\"; exit $?", "sh"));
        words.addAll(command.command());
        LivePython started = start(command.command(words));
        started.pid = (int) started.process.children().findFirst().orElseThrow().pid();
        return started;
    }

    /** Starts a command and does not wait. */
    public static LivePython starting(ProcessBuilder command) throws IOException {
        return new LivePython(command.start());
    }

    /** The next line that the program prints. */
    public String line() {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new IllegalStateException("the program ended: " + process.info());
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a line to the program. */
    public void say(String line) throws IOException {
        process.outputWriter().write(line + "\n");
        process.outputWriter().flush();
    }

    /** All lines up to one that is this. */
    public List<String> linesUpTo(String last) {
        List<String> lines = new ArrayList<>();
        for (String line = line(); !line.equals(last); line = line()) {
            lines.add(line);
        }
        return lines;
    }

    public int pid() {
        return pid;
    }

    public TargetProcess target() throws IOException {
        return TargetProcess.of(ProcFiles.system(), pid());
    }

    public LiveMemory memory() {
        return new LiveMemory(new Linux(), pid());
    }

    /** Ends it and waits until it is gone. */
    public void kill() throws InterruptedException {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
