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

    private LivePython(Process process) {
        this.process = process;
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
        return (int) process.pid();
    }

    public TargetProcess target() throws IOException {
        return TargetProcess.of(ProcFiles.system(), pid());
    }

    public LiveMemory memory() {
        return new LiveMemory(new Linux(), pid());
    }

    /** Ends it and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
