package jspy.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the launcher's tests start in place of jspy.
 *
 * <p>{@code exit CODE}; {@code flags} prints this virtual machine's; {@code work READY DONE} writes
 * its process number to READY, works until it is told to end, and then takes half a second to write
 * DONE.
 */
public final class LauncherProbe {
    private LauncherProbe() {}

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "exit" -> System.exit(Integer.parseInt(args[1]));
            case "flags" -> {
                System.out.println(Runtime.version().feature());
                System.out.println(ManagementFactory.getRuntimeMXBean().getInputArguments());
            }
            case "echo" -> {
                System.out.write(System.in.readAllBytes());
                System.out.flush();
                System.err.println(String.join("|", args));
            }
            case "work" -> work(Path.of(args[1]), Path.of(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    // internals

    private static void work(Path ready, Path done) throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(done)));
        Path draft = ready.resolveSibling("draft");
        Files.writeString(draft, Long.toString(ProcessHandle.current().pid()));
        Files.move(draft, ready);
        Thread.sleep(60_000);
    }

    private static void finish(Path done) {
        try {
            Thread.sleep(500);
            Files.writeString(done, "written");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
