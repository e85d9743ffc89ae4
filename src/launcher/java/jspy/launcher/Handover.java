package jspy.launcher;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs jspy in a newer Java and stands for it: a user sees one program.
 *
 * <p>The child has the same terminal and files, and its exit code becomes this one's. Ctrl-C
 * reaches both, TERM and HUP reach this process and are passed on as TERM, USR1 as itself; then
 * this process waits until the child has written its file. If this process is killed, the child
 * sees it ({@code ParentWatch}); if the child is killed, this process ends with 128 plus the
 * signal's number.
 */
final class Handover {
    /** The number of the process that the child watches. */
    static final String PARENT_PROPERTY = "jspy.launcher.parent";

    /** More flags for the child, separated by blanks. */
    private static final String OPTIONS_VARIABLE = "JSPY_JAVA_OPTIONS";

    /** From this rate on (Hz) the optimizing compiler pays: docs/building.md. */
    private static final long BRISK_RATE = 500;

    private static final int FAST_RATE = 2000;

    private final ProcessBuilder builder;
    private final Object starting = new Object();
    private Process child;
    private boolean stopping;

    Handover(JavaHome home, String[] args) {
        builder = new ProcessBuilder(command(home, args)).inheritIO();
    }

    /** Never returns: ends this virtual machine with the child's exit code. */
    void run() throws IOException, InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopChild, "jspy-handover"));
        synchronized (starting) {
            if (!stopping) {
                child = builder.start();
                PassedOn.to(child);
            }
        }
        if (child == null) {
            // The hook ends this process.
            Thread.currentThread().join();
        }
        Runtime.getRuntime().halt(child.waitFor());
    }

    // internals

    /** The answer to every signal that ends a virtual machine in order: INT, TERM, HUP. */
    private void stopChild() {
        synchronized (starting) {
            stopping = true;
        }
        if (child == null) {
            return;
        }
        child.destroy();
        boolean ended = false;
        while (!ended) {
            try {
                child.waitFor();
                ended = true;
            } catch (InterruptedException again) {
                continue;
            }
        }
        Runtime.getRuntime().halt(child.exitValue());
    }

    private static List<String> command(JavaHome home, String[] args) {
        List<String> command = new ArrayList<>();
        command.add(home.java().toString());
        command.addAll(flags(args));
        command.addAll(moreFlags());
        command.add("-D" + PARENT_PROPERTY + "=" + ownProcess());
        String main = System.getProperty(Launcher.MAIN_PROPERTY);
        if (main != null) {
            command.add("-D" + Launcher.MAIN_PROPERTY + "=" + main);
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Launcher.class.getName());
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** The same as in tools/jspy; what each is worth: docs/building.md. */
    static List<String> flags(String[] args) {
        List<String> flags =
                new ArrayList<>(
                        Arrays.asList(
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-Xms12m",
                                "-Xmx512m",
                                "-XX:TrimNativeHeapInterval=10000",
                                "-Xlog:disable",
                                "-Xlog:all=off"));
        if (rate(args) < FAST_RATE) {
            flags.add("-XX:TieredStopAtLevel=1");
        }
        if (rate(args) >= BRISK_RATE && rate(args) < FAST_RATE) {
            flags.add("-XX:C1MaxInlineSize=70");
        }
        return flags;
    }

    /** What the user wants besides. */
    static List<String> moreFlags() {
        String more = System.getenv(OPTIONS_VARIABLE);
        return more == null || more.trim().isEmpty()
                ? new ArrayList<>()
                : Arrays.asList(more.trim().split("\\s+"));
    }

    /** The sampling rate that the arguments ask for; 0 where they say nothing that is a number. */
    private static long rate(String[] args) {
        for (int i = 0; i < args.length && !args[i].equals("--"); i++) {
            String value = null;
            if (args[i].equals("-r") || args[i].equals("--rate")) {
                value = i + 1 < args.length ? args[i + 1] : "";
            } else if (args[i].startsWith("--rate=")) {
                value = args[i].substring("--rate=".length());
            } else if (args[i].matches("-r\\d+")) {
                value = args[i].substring("-r".length());
            }
            if (value != null) {
                return value.matches("\\d{1,9}") ? Long.parseLong(value) : 0;
            }
        }
        return 0;
    }

    private static String ownProcess() {
        try {
            // Java 9 and newer; this class may not name it.
            Class<?> handle = Class.forName("java.lang.ProcessHandle");
            Object current = handle.getMethod("current").invoke(null);
            return handle.getMethod("pid").invoke(current).toString();
        } catch (ReflectiveOperationException java8) {
            String name = java.lang.management.ManagementFactory.getRuntimeMXBean().getName();
            return name.split("@")[0];
        }
    }
}
