package jspy.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The files below {@code /proc}, or a tree that looks like it. Contents are the target's and
 * hostile: sizes are bounded here, bytes that are not UTF-8 become U+FFFD. Reads of a process that
 * ends are an {@link IOException}.
 */
public final class ProcFiles {
    /** A million mappings; {@code vm.max_map_count} is 65,530 unless someone raised it. */
    private static final int MAX_BYTES = 128 << 20;

    /** {@code PID_MAX_LIMIT}, linux/threads.h */
    private static final int MAX_TASKS = 4 << 20;

    private final Path root;

    public ProcFiles(Path root) {
        this.root = root;
    }

    /** This machine's. */
    public static ProcFiles system() {
        return new ProcFiles(Path.of("/proc"));
    }

    public Path root() {
        return root;
    }

    public Path path(int pid, String name) {
        return root.resolve(Integer.toString(pid)).resolve(name);
    }

    public byte[] read(int pid, String name) throws IOException {
        return read(path(pid, name));
    }

    public String text(int pid, String name) throws IOException {
        return new String(read(pid, name), StandardCharsets.UTF_8);
    }

    /**
     * A file that belongs to no process, like {@code sys/kernel/yama/ptrace_scope}, or to {@code
     * self}.
     */
    public String text(String name) throws IOException {
        return new String(read(root.resolve(name)), StandardCharsets.UTF_8);
    }

    /**
     * Where a link points, in the kernel's words: a deleted file's name ends in {@code "
     * (deleted)"}.
     */
    public String link(int pid, String name) throws IOException {
        return Files.readSymbolicLink(path(pid, name)).toString();
    }

    /** Ids of all threads of the process, ascending. */
    public int[] threads(int pid) throws IOException {
        return numbered(path(pid, "task"));
    }

    /** Pids of all processes, ascending; empty when they cannot be listed. */
    public int[] processes() {
        try {
            return numbered(root);
        } catch (IOException e) {
            return new int[0];
        }
    }

    // internals

    private static int[] numbered(Path folder) throws IOException {
        int[] ids = new int[16];
        int count = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                int id = numberOrZero(entry.getFileName().toString());
                if (id > 0 && count < MAX_TASKS) {
                    ids = count == ids.length ? Arrays.copyOf(ids, count * 2) : ids;
                    ids[count++] = id;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        int[] sorted = Arrays.copyOf(ids, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static byte[] read(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(MAX_BYTES);
        }
    }

    private static int numberOrZero(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
