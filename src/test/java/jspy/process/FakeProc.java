package jspy.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder that looks like {@code /proc}. */
final class FakeProc {
    static final String STAT_TAIL =
            " 1 7 7 0 -1 4194304 0 0 0 0 1 2 0 0 20 0 1 0 4711 0 0 "
                    + "0 0 0 0 0 0 0 0 0 0 0 0 0 17 3 0 0 0 0 0\n";

    private final Path root;

    FakeProc(Path root) {
        this.root = root;
    }

    ProcFiles files() {
        return new ProcFiles(root);
    }

    FakeProc with(String name, String text) {
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FakeProc withLink(String name, Path target) {
        try {
            Path link = root.resolve(name);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, target);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A process of its own name and state. */
    FakeProc process(int pid, String name, char state) {
        with(pid + "/stat", pid + " (" + name + ") " + state + STAT_TAIL);
        with(
                pid + "/status",
                "Name:\t%s\nTgid:\t%d\nPid:\t%d\nTracerPid:\t0\nUid:\t1000\t1000\t1000\t1000\nNSpid:\t%d\nThreads:\t1\n"
                        .formatted(name.replace("\n", "\\n"), pid, pid, pid));
        return with(pid + "/cmdline", name + "\0");
    }
}
