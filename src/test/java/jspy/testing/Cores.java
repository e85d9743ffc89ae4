package jspy.testing;

import jspy.os.Linux;
import jspy.process.CoreSeat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** The cores that a test may use, and who is bound to which. */
final class Cores {
    private static final String ALLOWED = "Cpus_allowed_list:";

    private Cores() {}

    /** The numbers of the cores on which this process may run. */
    static List<Integer> allowed() throws IOException {
        List<Integer> cores = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(ALLOWED)) {
                for (String range : line.substring(ALLOWED.length()).strip().split(",")) {
                    String[] ends = range.split("-");
                    int last = Integer.parseInt(ends[ends.length - 1]);
                    for (int core = Integer.parseInt(ends[0]); core <= last; core++) {
                        cores.add(core);
                    }
                }
            }
        }
        return cores;
    }

    /** Binds all threads of a process to a core; false where taskset is missing or refuses. */
    static boolean pin(int pid, int core) throws InterruptedException {
        try {
            Process taskset =
                    new ProcessBuilder(
                                    "taskset", "-a", "-c", "-p", "" + core, Integer.toString(pid))
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            return taskset.waitFor() == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    /** Does something on a thread that is bound to a core. */
    static <T> T on(int core, Callable<T> work) throws Exception {
        FutureTask<T> task =
                new FutureTask<>(
                        () -> {
                            if (!new CoreSeat(new Linux()).moveTo(core)) {
                                throw new IllegalStateException("no thread on core " + core);
                            }
                            return work.call();
                        });
        Thread.ofPlatform().name("on core " + core).daemon().start(task);
        return task.get();
    }
}
