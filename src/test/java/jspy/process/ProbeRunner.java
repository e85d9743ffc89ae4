package jspy.process;

import org.junit.jupiter.api.Assumptions;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Starts {@link AttachProbe} with other rights than the tests have, from a folder that everybody
 * may read.
 */
record ProbeRunner(Path folder) {

    /** The command that starts a probe with classes that everybody may read. */
    List<String> java(int pid) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Files.isDirectory(Path.of(entry).resolve("jspy"))) {
                copy(Path.of(entry));
            }
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                folder.toString(),
                "jspy.process.AttachProbe",
                Integer.toString(pid));
    }

    /** What a jspy with fewer rights says, those that setpriv takes. */
    String say(int pid, String... rights) throws IOException {
        List<String> prefix = new ArrayList<>(List.of("setpriv"));
        prefix.addAll(List.of(rights));
        return sayUnder(pid, prefix);
    }

    /** What it says when that program starts it; skips the test where it cannot. */
    String sayUnder(int pid, List<String> prefix) throws IOException {
        Running.assumeRoot();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(java(pid));
        try (Running probe = Running.start(command.toArray(String[]::new))) {
            return probe.line();
        } catch (IOException e) {
            String reason = prefix.getFirst() + " is not there, or may not do that: " + e;
            System.out.println("skipped: " + reason);
            Assumptions.abort(reason);
            throw e;
        }
    }

    // internals

    private void copy(Path classes) throws IOException {
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
                Path to = folder.resolve(classes.relativize(file).toString());
                Files.createDirectories(to.getParent());
                if (!Files.exists(to)) {
                    Files.copy(file, to);
                }
            }
        }
    }
}
