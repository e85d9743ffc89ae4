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
    private static final String DEFAULT_OPTION = "-o";

    private final Path shown;

    /** Where the bytes end up, links followed. */
    private final Path target;

    /** Null for what cannot be moved over. */
    private final Path beside;

    private final String elsewhere;

    /** What a file is to hold. */
    @FunctionalInterface
    public interface Contents {
        /** Writes all of it; the stream stays open. */
        void writeTo(OutputStream out) throws IOException;
    }

    private OutputFile(Path shown, Path target, Path beside, String option) {
        this.shown = shown;
        elsewhere = elsewhere(option);
        this.target = target;
        this.beside = beside;
    }

    /** A file that can be written, as far as one can tell beforehand; it is not touched. */
    public static OutputFile at(Path path) throws OutputException {
        return at(path, DEFAULT_OPTION);
    }

    /**
     * @param option of the command line, by which the user named the file
     */
    public static OutputFile at(Path path, String option) throws OutputException {
        String elsewhere = elsewhere(option);
        Path target = followed(path, elsewhere);
        if (Files.isDirectory(target)) {
            throw new OutputException(path, "it is a folder", "name a file in it with " + option);
        }
        if (Files.exists(target) && !Files.isWritable(target)) {
            throw new OutputException(path, "the file that is there is write-protected", elsewhere);
        }
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            return new OutputFile(path, target, null, option);
        }
        Path folder = target.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            String why = "there is no folder " + folder;
            throw new OutputException(path, why, "make it (mkdir -p) or " + elsewhere);
        }
        String name = "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp";
        OutputFile file = new OutputFile(path, target, folder.resolve(name), option);
        file.tryFolder(folder);
        return file;
    }

    public Path path() {
        return shown;
    }

    /** Writes the whole profile, or throws and leaves what was there before. */
    public void write(ProfileWriter writer, Profile profile) throws OutputException {
        write(out -> writer.write(profile, out));
    }

    /** Writes all of it, or throws and leaves what was there before. */
    public void write(Contents contents) throws OutputException {
        try {
            if (beside == null) {
                try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.WRITE)) {
                    write(contents, out);
                }
            } else {
                writeBesideAndMove(contents);
            }
        } catch (IOException e) {
            String rest =
                    beside != null && Files.exists(target)
                            ? "the old file is still there"
                            : elsewhere;
            throw new OutputException(shown, reason(e), rest, e);
        }
    }

    /**
     * Removes what is half written, when the virtual machine is about to be halted in the middle of
     * it. Any thread.
     */
    public void abandon() {
        if (beside != null) {
            try {
                Files.deleteIfExists(beside);
            } catch (IOException e) {
                // the disk is in trouble, and jspy is ending
            }
        }
    }

    // internals

    private static String elsewhere(String option) {
        return "choose another place with " + option;
    }

    private static Path followed(Path path, String elsewhere) throws OutputException {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            return path;
        } catch (IOException e) {
            throw new OutputException(path, reason(e), elsewhere, e);
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
            throw new OutputException(shown, why, elsewhere, e);
        }
    }

    private void writeBesideAndMove(Contents contents) throws IOException {
        try {
            try (FileChannel file =
                    FileChannel.open(
                            beside,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE)) {
                write(contents, Channels.newOutputStream(file));
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

    private static void write(Contents contents, OutputStream out) throws IOException {
        BufferedOutputStream buffered = new BufferedOutputStream(out, BUFFER_BYTES);
        contents.writeTo(buffered);
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
