package jspy.output;

import jspy.profile.Profile;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The file that a profile goes to: all of it or nothing.
 *
 * <p>{@link #at} finds out before sampling what would fail after it. {@link #write} writes beside
 * the final name and then moves, so that a full disk leaves an older file as it was. What is not a
 * regular file ({@code /dev/stdout}, a pipe) is written straight, and a link stays a link.
 */
public final class OutputFile {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final String ELSEWHERE = "choose another place with -o";

    private final Path shown;

    /** Where the bytes end up, links followed. */
    private final Path target;

    /** Null for what cannot be moved over. */
    private final Path beside;

    private OutputFile(Path shown, Path target, Path beside) {
        this.shown = shown;
        this.target = target;
        this.beside = beside;
    }

    /** A file that can be written, as far as one can tell beforehand; it is not touched. */
    public static OutputFile at(Path path) throws OutputException {
        Path target = followed(path);
        if (Files.isDirectory(target)) {
            throw new OutputException(path, "it is a folder", "name a file in it with -o");
        }
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new OutputException(path, "the file that is there is write-protected", ELSEWHERE);
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            return new OutputFile(path, target, null);
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            String why = "there is no folder " + folder;
            throw new OutputException(path, why, "make it (mkdir -p) or " + ELSEWHERE);
        }
        String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp";
        OutputFile file = new OutputFile(path, target, folder.resolve(name));
        file.tryFolder(folder);
        return file;
    }

    public Path path() {
        return shown;
    }

    /** Writes the whole profile, or throws and leaves what was there before. */
    public void write(ProfileWriter writer, Profile profile) throws OutputException {
        try {
            if (beside == null) {
                try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
                    write(writer, profile, out);
                }
            } else {
                writeBesideAndMove(writer, profile);
            }
        } catch (IOException e) {
            String rest =
                    beside != null && Files.exists(target)
                            ? "the old file is still there"
                            : ELSEWHERE;
            throw new OutputException(shown, reason(e), rest, e);
        }
    }

    // internals

    private static Path followed(Path path) throws OutputException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            return path;
        } catch (IOException e) {
            throw new OutputException(path, reason(e), ELSEWHERE, e);
        }
    }

    /** Permission bits do not tell of quotas, read-only mounts and the like: making a file does. */
    private void tryFolder(Path folder) throws OutputException {
        try {
            Files.newByteChannel(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
                    .close();
            Files.delete(beside);
        } catch (IOException e) {
            String why = "no file can be made in " + folder + " (" + reason(e) + ")";
            throw new OutputException(shown, why, ELSEWHERE, e);
        }
    }

    private void writeBesideAndMove(ProfileWriter writer, Profile profile) throws IOException {
        try {
            try (FileChannel file =
                    FileChannel.open(
                            beside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                write(writer, profile, Channels.newOutputStream(file));
                // Some file systems tell of a full disk only now.
                file.force(true);
            }
            Files.move(
                    beside,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void write(ProfileWriter writer, Profile profile, OutputStream out)
            throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
        writer.write(profile, buffered);
        buffered.flush();
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
