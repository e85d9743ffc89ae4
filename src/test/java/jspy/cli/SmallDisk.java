package jspy.cli;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of some kilobytes, to be filled; only root can have one. */
record SmallDisk(Path folder) implements AutoCloseable {

    /** Skips the test where nothing can be mounted. */
    static SmallDisk mount(Path folder, int kilobytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int status =
                new ProcessBuilder(
                                "mount",
                                "-t",
                                "tmpfs",
                                "-o",
                                "size=" + kilobytes + "k",
                                "jspy-test",
                                folder.toString())
                        .start()
                        .waitFor();
        Assumptions.assumeTrue(status == 0, "a small disk cannot be mounted (needs root)");
        return new SmallDisk(folder);
    }

    @Override
    public void close() throws IOException {
        Process umount = new ProcessBuilder("umount", folder.toString()).inheritIO().start();
        umount.onExit().join();
        Files.deleteIfExists(folder);
    }
}
