package jspy.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens what a process has mapped, wherever jspy stands: the process may live in another mount
 * namespace or below a chroot, its files may be deleted or replaced, and their names may be
 * unreadable in this JVM's locale.
 *
 * <p>The kernel writes paths as seen from jspy's root directory if it can see them, else as seen
 * from the root of the target's mount namespace: so a path is tried below {@code /proc/PID/root},
 * as it is, and without the chroot's own path. A name is believed when its inode is the mapping's.
 */
final class FileFinder {
    private final ProcFiles proc;
    private final int pid;

    FileFinder(ProcFiles proc, int pid) {
        this.proc = proc;
        this.pid = pid;
    }

    MappedFile find(Mapping mapping) throws MappedFileException {
        Attempts attempts = new Attempts(mapping);
        Path executable = proc.path(pid, "exe");
        if (attempts.isSameFile(executable)) {
            return new MappedFile(executable, true);
        }
        List<Path> named = candidates(mapping);
        for (Path candidate : named) {
            if (attempts.isSameFile(candidate)) {
                return new MappedFile(candidate, true);
            }
        }
        Path link = proc.path(pid, "map_files/%x-%x".formatted(mapping.start(), mapping.end()));
        if (attempts.isReadable(link)) {
            return new MappedFile(link, true);
        }
        if (!mapping.isDeleted()) {
            for (Path candidate : named) {
                if (attempts.isReadable(candidate)) {
                    return new MappedFile(candidate, false);
                }
            }
        }
        throw new MappedFileException(mapping.path(), attempts.failures(), attempts.wasDenied);
    }

    // internals

    private List<Path> candidates(Mapping mapping) {
        List<Path> candidates = new ArrayList<>();
        String raw = mapping.path();
        for (String path : new LinkedHashSet<>(List.of(mapping.filePath(), raw))) {
            addBelowRoot(candidates, path);
            add(candidates, path);
            String root = rootOrEmpty();
            if (root.length() > 1 && path.startsWith(root + "/")) {
                addBelowRoot(candidates, path.substring(root.length()));
            }
        }
        return candidates;
    }

    private String rootOrEmpty() {
        try {
            return proc.link(pid, "root");
        } catch (IOException e) {
            return "";
        }
    }

    private void addBelowRoot(List<Path> candidates, String path) {
        add(candidates, proc.path(pid, "root") + path);
    }

    private static void add(List<Path> candidates, String path) {
        try {
            candidates.add(Path.of(path));
        } catch (InvalidPathException e) {
            // a name that this JVM's locale cannot write: map_files has it under another
        }
    }

    /** Looks at candidates and remembers why they would not do. */
    private static final class Attempts {
        private final Mapping mapping;
        private final Set<String> failures = new LinkedHashSet<>();
        private boolean wasDenied;

        Attempts(Mapping mapping) {
            this.mapping = mapping;
        }

        /** By the inode alone: btrfs shows one device number in maps and another in stat. */
        boolean isSameFile(Path path) {
            try {
                long inode = (Long) Files.getAttribute(path, "unix:ino");
                return inode == mapping.inode() && isReadable(path);
            } catch (IOException | ClassCastException e) {
                note(path, e);
                return false;
            }
        }

        boolean isReadable(Path path) {
            try {
                if (!Files.isRegularFile(path)) {
                    Files.readAttributes(path, "size");
                    return false;
                }
                Files.newByteChannel(path).close();
                return true;
            } catch (IOException e) {
                note(path, e);
                return false;
            }
        }

        List<String> failures() {
            return List.copyOf(failures);
        }

        private void note(Path path, Exception e) {
            boolean isDenied = e instanceof AccessDeniedException;
            wasDenied |= isDenied;
            failures.add(path + (isDenied ? " is denied" : " is not there"));
        }
    }
}
