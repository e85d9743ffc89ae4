package jspy.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A process that is looked at, by its pid and the moment it started, so that another process which
 * gets the same pid later is not taken for it. Everything is asked anew on each call; any thread.
 */
public final class TargetProcess implements Program {

    /** What has become of the process. */
    public enum State {
        RUNNING,
        /** By a signal (SIGSTOP, Ctrl-Z): it can be read, its stacks stand still. */
        STOPPED,
        /** By a debugger. */
        TRACED,
        /** It ended and its parent has not asked for its exit code yet: nothing is left to read. */
        ZOMBIE,
        /** It is gone, or its pid is another process's by now. */
        GONE
    }

    private final ProcFiles proc;
    private final int pid;
    private final long startTicks;

    private TargetProcess(ProcFiles proc, int pid, long startTicks) {
        this.proc = proc;
        this.pid = pid;
        this.startTicks = startTicks;
    }

    /**
     * The process with that pid; nothing is asked of its permissions yet ({@link AttachCheck}
     * does).
     */
    public static TargetProcess of(ProcFiles proc, int pid) throws IOException {
        return new TargetProcess(proc, pid, stat(proc, pid).startTicks());
    }

    @Override
    public int pid() {
        return pid;
    }

    public ProcFiles proc() {
        return proc;
    }

    public long startTicks() {
        return startTicks;
    }

    public State state() {
        try {
            ProcessStat now = stat(proc, pid);
            if (now.startTicks() != startTicks) {
                return State.GONE;
            }
            return switch (now.state()) {
                case 'T' -> State.STOPPED;
                case 't' -> State.TRACED;
                case 'Z' -> livingThread() == 0 ? State.ZOMBIE : State.RUNNING;
                case 'X', 'x' -> State.GONE;
                default -> State.RUNNING;
            };
        } catch (IOException e) {
            return State.GONE;
        }
    }

    @Override
    public boolean isAlive() {
        State now = state();
        return now != State.GONE && now != State.ZOMBIE;
    }

    /**
     * The id by which memory, maps and files of the process are asked for: its own, or, when its
     * first thread has ended and others run on ({@code pthread_exit} in main), that of one of
     * these. The kernel has nothing behind the own id then.
     */
    public int memoryId() {
        try {
            int other = stat(proc, pid).state() == 'Z' ? livingThread() : 0;
            return other == 0 ? pid : other;
        } catch (IOException ended) {
            return pid;
        }
    }

    /**
     * Program and arguments; empty for kernel threads and zombies. The target can write here what
     * it likes.
     */
    public List<String> commandLine() throws IOException {
        byte[] text = proc.read(memoryId(), "cmdline");
        List<String> arguments = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == 0 || i == text.length - 1) {
                int end = text[i] == 0 ? i : i + 1;
                arguments.add(new String(text, from, end - from, StandardCharsets.UTF_8));
                from = i + 1;
            }
        }
        return List.copyOf(arguments);
    }

    /**
     * The executable's path as the kernel writes it, {@code " (deleted)"} behind one that was
     * removed.
     */
    @Override
    public String executable() throws IOException {
        return proc.link(memoryId(), "exe");
    }

    public ProcessStat stat() throws IOException {
        return stat(proc, pid);
    }

    public ProcessStatus status() throws IOException {
        return new ProcessStatus(proc.text(pid, "status"));
    }

    @Override
    public MemoryMaps maps() throws IOException {
        return MemoryMaps.read(proc, memoryId());
    }

    /** Where the file of that mapping can be opened. */
    @Override
    public MappedFile file(Mapping mapping) throws MappedFileException {
        return new FileFinder(proc, memoryId()).find(mapping);
    }

    /**
     * {@code /proc/PID/exe}: opens the executable whatever directories it lies in, deleted or not.
     */
    public MappedFile executableFile() {
        return new MappedFile(proc.path(memoryId(), "exe"), true);
    }

    /** The pid as the process itself sees it, in its own PID namespace. */
    public int nativePid() throws IOException {
        int[] ids = status().namespacedIds();
        return ids.length == 0 ? pid : ids[ids.length - 1];
    }

    /** Ids of all threads in this {@code /proc}, ascending. */
    public int[] threads() throws IOException {
        return proc.threads(pid);
    }

    /** Both ids of all threads, listed already. */
    public ThreadIds threadIds() throws IOException {
        ThreadIds ids = new ThreadIds(proc, pid, status().namespacedIds().length > 1);
        ids.refresh();
        return ids;
    }

    // internals

    /** A thread that has not ended; 0 when there is none. */
    private int livingThread() {
        try {
            for (int thread : threads()) {
                ProcessStat stat =
                        thread == pid
                                ? null
                                : ProcessStat.parseOrNull(
                                        proc.read(pid, "task/" + thread + "/stat"));
                if (stat != null && stat.state() != 'Z' && stat.state() != 'X') {
                    return thread;
                }
            }
        } catch (IOException ended) {
            // with all its threads
        }
        return 0;
    }

    private static ProcessStat stat(ProcFiles proc, int pid) throws IOException {
        ProcessStat stat = ProcessStat.parseOrNull(proc.read(pid, "stat"));
        if (stat == null) {
            throw new IOException("%s is not a stat line".formatted(proc.path(pid, "stat")));
        }
        return stat;
    }
}
