package jspy.snapshot;

import jspy.cli.SnapshotFiles;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.sample.Attachment;
import jspy.testing.Python;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Makes the snapshots under {@code testdata} and, beside each, what the program said of its own
 * stacks: started by {@code tools/snapshots}.
 *
 * <p>Interpreter and programs are reached below one folder that is the same on every machine, so
 * that no file name of the machine where it ran gets into a snapshot.
 */
public final class CaptureSnapshots {
    private static final Path NEUTRAL = Path.of("/tmp/jspy-snapshots");
    private static final List<String> CASES = List.of("shapes", "threads");

    /** What 2.7 understands. */
    private static final List<String> OLD_CASES = List.of("old");

    /** From having said its truth to being parked. */
    private static final long SETTLE_MILLIS = 300;

    private CaptureSnapshots() {}

    /**
     * @param arguments the folder to write to, then minor versions such as {@code 3.11} and {@code
     *     3.13t}; none: all
     */
    public static void main(String[] arguments) throws Exception {
        Path testdata = Path.of(arguments[0]);
        List<String> wanted = List.of(arguments).subList(1, arguments.length);
        copyPrograms(testdata.resolve("programs"));
        for (Map.Entry<String, Python> one : oneOfEach().entrySet()) {
            if (wanted.isEmpty() || wanted.contains(one.getKey())) {
                for (String name : one.getValue().major() == 2 ? OLD_CASES : CASES) {
                    capture(one.getValue(), name, testdata.resolve("python-" + one.getKey()));
                }
            }
        }
    }

    // internals

    /** By minor version and flavour: {@code 3.13t}. */
    private static Map<String, Python> oneOfEach() {
        Map<String, Python> chosen = new TreeMap<>();
        for (boolean wrapped : new boolean[] {false, true}) {
            for (Python python : Python.all()) {
                if (python.isWrapped() == wrapped) {
                    String flavour = python.isFreeThreaded() ? "t" : python.isDebug() ? "d" : "";
                    chosen.putIfAbsent(python.major() + "." + python.minor() + flavour, python);
                }
            }
        }
        return chosen;
    }

    private static void copyPrograms(Path programs) throws IOException {
        Path copies = NEUTRAL.resolve("programs");
        Files.createDirectories(copies);
        try (Stream<Path> files = Files.list(programs)) {
            for (Path file : files.filter(CaptureSnapshots::isSnapshotProgram).toList()) {
                Path copy = copies.resolve(file.getFileName().toString());
                Files.write(copy, Files.readAllBytes(file));
            }
        }
    }

    private static boolean isSnapshotProgram(Path file) {
        return file.getFileName().toString().startsWith("snapshot_");
    }

    private static void capture(Python python, String name, Path folder) throws Exception {
        Path realHome = home(python);
        Path home = NEUTRAL.resolve(folder.getFileName());
        Files.deleteIfExists(home);
        Files.createSymbolicLink(home, realHome);
        // one that is started by a script lives in a root of its own, where its paths are neutral
        String root = Python.targets().resolve("debian-root").toString();
        UnaryOperator<String> neutral =
                text ->
                        text.replace(root, "")
                                .replace(resolved(realHome).toString(), home.toString())
                                .replace(realHome.toString(), home.toString());
        List<String> command = new ArrayList<>();
        String executable = python.executable().toString();
        command.add(python.isWrapped() ? executable : neutral.apply(executable));
        command.addAll(List.of("-B", "-s", "snapshot_" + name + ".py"));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(NEUTRAL.resolve("programs").toFile())
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        builder.environment().put("LANG", "C.UTF-8");
        python.environment().forEach((k, v) -> builder.environment().put(k, neutral.apply(v)));
        Process process = builder.start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String truth = upToEnd(out);
            Thread.sleep(SETTLE_MILLIS);
            Snapshot snapshot = snapshot((int) process.pid());
            Files.createDirectories(folder);
            Path file = folder.resolve(name + ".snapshot");
            try (OutputStream to = Files.newOutputStream(file)) {
                SnapshotWriter.write(neutral(snapshot, neutral), to);
            }
            Files.writeString(folder.resolve(name + ".json"), truth);
            System.out.printf(
                    "%s: %d bytes, %s, %s%n",
                    file,
                    Files.size(file),
                    snapshot.memory(),
                    snapshot.proved() ? "proved" : "NOT PROVED");
        } finally {
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(home);
        }
    }

    private static String upToEnd(BufferedReader out) throws IOException {
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); !"end".equals(line); line = out.readLine()) {
            if (line == null) {
                throw new IOException("the program ended after saying " + said);
            }
            said.append(line).append('\n');
        }
        return said.toString();
    }

    private static Snapshot snapshot(int pid) throws Exception {
        Attachment attachment = Attachment.to(TargetProcess.of(ProcFiles.system(), pid));
        return SnapshotFiles.capture(attachment, attachment.shortNames()).snapshot();
    }

    /** The folder that holds all of the interpreter. */
    private static Path home(Python python) {
        Path folder = python.executable().toAbsolutePath().getParent();
        return folder.endsWith("bin") ? folder.getParent() : folder;
    }

    private static Path resolved(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path;
        }
    }

    /** Without the real places of what was reached through the neutral folder. */
    private static Snapshot neutral(Snapshot snapshot, UnaryOperator<String> neutral) {
        Snapshot.Interpreter found = snapshot.interpreter();
        return new Snapshot(
                snapshot.jspyVersion(),
                snapshot.platform(),
                snapshot.pid(),
                snapshot.commandLine().stream().map(neutral).toList(),
                neutral.apply(snapshot.executable()),
                new Snapshot.Interpreter(
                        found.versionHex(),
                        found.freeThreaded(),
                        found.debug(),
                        found.debugOffsets(),
                        found.runtimeAddress(),
                        found.interpretersHeadAddress(),
                        neutral.apply(found.file()),
                        found.foundBy()),
                snapshot.proved(),
                snapshot.threads(),
                snapshot.fileNames(),
                snapshot.memory());
    }
}
