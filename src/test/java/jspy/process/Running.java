package jspy.process;

import org.junit.jupiter.api.Assumptions;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** A real process that a test looks at; it ends with the test. */
final class Running implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process process;
    private final BufferedReader out;

    private Running(Process process) {
        this.process = process;
        out = process.inputReader(StandardCharsets.UTF_8);
    }

    static Running start(String... command) throws IOException {
        assumeLinux();
        return new Running(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    static Running python(String program, String... arguments) throws IOException {
        assumeLinux();
        List<String> command = new ArrayList<>(List.of("python3", "-u", "-c", program));
        command.addAll(List.of(arguments));
        try {
            return start(command.toArray(String[]::new));
        } catch (IOException e) {
            Assumptions.abort("python3 is not on the PATH");
            throw e;
        }
    }

    static void assumeLinux() {
        Assumptions.assumeTrue(
                System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux"),
                "not Linux");
    }

    static void assumeRoot() throws IOException {
        assumeLinux();
        int user = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        Assumptions.assumeTrue(user == 0, "needs root");
    }

    int pid() {
        return (int) process.pid();
    }

    Process process() {
        return process;
    }

    TargetProcess target() throws IOException {
        return TargetProcess.of(ProcFiles.system(), pid());
    }

    String line() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new IOException("the program ended without a word");
        }
        return line;
    }

    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Integer.toString(pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Waits, with a limit, for something to become true. */
    static void await(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain: " + what);
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
