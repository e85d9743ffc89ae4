package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A run of the real jar in a JVM of its own, its streams collected while it runs. */
final class Jspy implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final Collector out;
    private final Collector err;

    private Jspy(Process process) {
        this.process = process;
        out = new Collector(process.getInputStream());
        err = new Collector(process.getErrorStream());
    }

    /**
     * {@code java -jar jspy.jar} with the flags that the launchers use; add to it what is wanted.
     */
    static ProcessBuilder command(String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-jar",
                                System.getProperty("jspy.jar")));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command);
    }

    /** The same, run by another program: {@code prefix… java -jar jspy.jar arguments…}. */
    static ProcessBuilder commandUnder(List<String> prefix, String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(command(arguments).command());
        return new ProcessBuilder(command);
    }

    static Jspy start(ProcessBuilder command) throws IOException {
        return new Jspy(command.start());
    }

    static Jspy start(String... arguments) throws IOException {
        return start(command(arguments));
    }

    /** Runs it to its end. */
    static Jspy run(String... arguments) throws IOException, InterruptedException {
        return run(command(arguments));
    }

    static Jspy run(ProcessBuilder command) throws IOException, InterruptedException {
        try (Jspy jspy = start(command)) {
            jspy.exitCode();
            return jspy;
        }
    }

    /** Waits for the end. */
    int exitCode() throws InterruptedException {
        assertTrue(
                process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS),
                () -> "still runs; said so far: " + err.text());
        out.join();
        err.join();
        return process.exitValue();
    }

    /** Standard output so far. */
    String out() {
        return out.text();
    }

    /** Standard error so far. */
    String err() {
        return err.text();
    }

    Process process() {
        return process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until standard error has this. */
    void awaitErr(String text) {
        await(text, () -> err.text().contains(text));
    }

    /** Waits until standard output has this. */
    void awaitOut(String text) {
        await(text, () -> out.text().contains(text));
    }

    void signal(String name) throws IOException, InterruptedException {
        signal(name, process.pid());
    }

    static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor();
    }

    /** Waits, with a limit, for something to become true. */
    static void await(String what, BooleanSupplier isSo) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!isSo.getAsBoolean()) {
            assertTrue(System.nanoTime() < end, "waited in vain: " + what);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    // internals

    /** Reads a stream to its end, so that nobody waits for a full pipe. */
    private static final class Collector {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final Thread thread;

        Collector(InputStream in) {
            thread = Thread.ofPlatform().daemon().start(() -> collect(in));
        }

        /** A child that got the stream and lives on must not hold the test. */
        void join() throws InterruptedException {
            thread.join(1_000);
        }

        String text() {
            synchronized (bytes) {
                return bytes.toString(StandardCharsets.UTF_8);
            }
        }

        private void collect(InputStream in) {
            byte[] buffer = new byte[8192];
            try (in) {
                for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                    synchronized (bytes) {
                        bytes.write(buffer, 0, got);
                    }
                }
            } catch (IOException e) {
                if (!"Stream closed".equals(e.getMessage())) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
