package jspy.testing;

import jspy.process.Children;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Python in namespaces of its own, made with unshare: its files lie below another root, where its
 * program has another path than outside. It ends with the test.
 */
public final class Container implements AutoCloseable {
    /** What is not jspy's own. */
    public enum Shape {
        /** Process ids, the files are those of the machine. */
        PIDS,
        /** A root directory, entered by chroot: paths outside begin with it. */
        CHROOT,
        /** A root that was exchanged, as runc does it: the machine's files are not there at all. */
        PIVOT,
        PIDS_AND_CHROOT,
        PIDS_AND_PIVOT;

        boolean hasPids() {
            return name().startsWith("PIDS");
        }

        boolean hasRoot() {
            return this != PIDS;
        }
    }

    /** Binds what a Python needs below the root, the Python itself under another path. */
    private static final String ENTER =
            """
            root=$1; prefix=$2; shape=$3; shift 3
            mount -t tmpfs none "$root" || exit 3
            for folder in /usr /lib /lib32 /lib64 /bin /sbin /etc /dev; do
                [ -d "$folder" ] || continue
                mkdir -p "$root$folder" && mount --rbind "$folder" "$root$folder" || exit 3
            done
            mkdir -p "$root/inner/python" "$root/inner/program" "$root/proc" "$root/tmp"
            mount --bind "$prefix" "$root/inner/python" || exit 3
            cp "$PROGRAM" "$root/inner/program/program.py" || exit 3
            case $shape in
                PIDS*) mount -t proc proc "$root/proc" ;;
                *) mount --rbind /proc "$root/proc" ;;
            esac
            cd "$root" || exit 3
            case $shape in
                *PIVOT)
                    mkdir old && pivot_root . old || exit 3
                    umount -l old; exec chroot . "$@" ;;
                *) exec chroot . "$@" ;;
            esac
            """;

    private final LivePython started;
    private final Path root;
    private final int pid;

    private Container(LivePython started, Path root, int pid) {
        this.started = started;
        this.root = root;
        this.pid = pid;
    }

    /** Runs a program and waits until it is ready; skips the test where that cannot be done. */
    public static Container start(Shape shape, Python python, Program program) throws IOException {
        Path root = Files.createTempDirectory("jspy-root");
        try {
            LivePython started = LivePython.start(command(shape, python, program, root));
            int pid = started.pid();
            if (shape.hasPids()) {
                pid = Children.of(ProcFiles.system(), pid).getFirst();
            }
            return new Container(started, root, pid);
        } catch (IOException | IllegalStateException e) {
            Files.deleteIfExists(root);
            Assumptions.abort("no namespaces (root and unshare make them): " + e.getMessage());
            throw e;
        }
    }

    /** Its id outside. */
    public int pid() {
        return pid;
    }

    /** What the program prints, up to a line that is this. */
    public List<String> linesUpTo(String last) {
        return started.linesUpTo(last);
    }

    public TargetProcess target() throws IOException {
        return TargetProcess.of(ProcFiles.system(), pid);
    }

    @Override
    public void close() {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        try {
            started.kill();
            Files.deleteIfExists(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // internals

    private static ProcessBuilder command(Shape shape, Python python, Program program, Path root)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("unshare"));
        if (shape.hasPids()) {
            command.addAll(List.of("--pid", "--fork", "--kill-child"));
        }
        if (!shape.hasRoot()) {
            command.addAll(
                    List.of(python.executable().toString(), "-u", program.file().toString()));
            return new ProcessBuilder(command);
        }
        Path executable = python.executable().toRealPath();
        Path prefix = executable.getParent().getParent();
        command.addAll(List.of("--mount", "sh", "-c", ENTER, "sh"));
        command.addAll(List.of(root.toString(), prefix.toString(), shape.name()));
        command.add("/inner/python/" + prefix.relativize(executable));
        command.addAll(List.of("-u", "/inner/program/program.py"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("PROGRAM", program.file().toString());
        builder.environment().put("LD_LIBRARY_PATH", "/inner/python/lib");
        builder.environment().put("PYTHONHOME", "/inner/python");
        return builder;
    }
}
