package jspy.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A terminal of a given size, with a shell script in it, keys to type and a screen to look at. */
public final class Tmux implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final String socket = "jspy-" + ProcessHandle.current().pid() + "-" + System.nanoTime();

    private Tmux() {}

    public static boolean isAvailable() {
        try {
            return new ProcessBuilder("tmux", "-V").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A terminal in which this script runs. */
    public static Tmux run(int width, int height, String script) throws IOException {
        Tmux tmux = new Tmux();
        tmux.tmux(
                "-f",
                "/dev/null",
                "-u",
                "new-session",
                "-d",
                "-x",
                "" + width,
                "-y",
                "" + height,
                "sh",
                "-c",
                script);
        return tmux;
    }

    /** A key as tmux names it: {@code Enter}, {@code C-c}, {@code q}. */
    public void key(String... names) throws IOException {
        List<String> command = new ArrayList<>(List.of("send-keys"));
        command.addAll(List.of(names));
        tmux(command.toArray(String[]::new));
    }

    public void type(String text) throws IOException {
        tmux("send-keys", "-l", text);
    }

    public void resize(int width, int height) throws IOException {
        tmux("resize-window", "-x", "" + width, "-y", "" + height);
    }

    public String screen() throws IOException {
        return tmux("capture-pane", "-p");
    }

    /** Waits until the screen is so; the screen. */
    public String await(String what, Predicate<String> isSo) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        String seen = screen();
        while (!isSo.test(seen)) {
            assertTrue(System.nanoTime() < end, "waited in vain: " + what + "; screen:\n" + seen);
            Thread.sleep(50);
            seen = screen();
        }
        return seen;
    }

    public String awaitText(String text) throws Exception {
        return await(text, screen -> screen.contains(text));
    }

    @Override
    public void close() throws IOException {
        tmux("kill-server");
    }

    // internals

    private String tmux(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("tmux", "-L", socket));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().remove("TMUX");
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + out);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return out;
    }
}
