package jspy.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * An interpreter for live tests. Looked for: python2.7, python3.3 … python3.19 on the PATH, every
 * version below the pyenv root, what tools/targets fetched ({@code $JSPY_TARGETS}, else {@code
 * ~/.cache/jspy/targets}), and CPython 3.14 out of {@code org.bytedeco:cpython} where the local
 * Maven repository has it (unpacked below {@code target}).
 *
 * @param version as it says itself, for example {@code 3.11.7}
 * @param environment what it needs to start
 */
public record Python(String version, Path executable, Map<String, String> environment) {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\S*");
    private static final int LAST_MINOR = 19;
    private static final String BYTEDECO = "3.14.3-1.5.13";

    private static final class Found {
        static final List<Python> ALL = find();
    }

    /** All of the machine, oldest first; one a version. */
    public static List<Python> all() {
        return Found.ALL;
    }

    /** Those from this minor version of Python 3 on. */
    public static List<Python> from(int minor) {
        return all().stream().filter(p -> p.major() == 3 && p.minor() >= minor).toList();
    }

    public int major() {
        return part(1);
    }

    public int minor() {
        return part(2);
    }

    public int patch() {
        return part(3);
    }

    /** A command that runs it with these arguments; standard error goes where the test's goes. */
    public ProcessBuilder command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(executable.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return builder;
    }

    @Override
    public String toString() {
        return "CPython " + version;
    }

    // internals

    private int part(int group) {
        Matcher matcher = VERSION.matcher(version);
        if (!matcher.matches()) {
            throw new IllegalStateException("not a version: " + version);
        }
        return Integer.parseInt(matcher.group(group));
    }

    private static List<Python> find() {
        Map<String, Python> byVersion = new TreeMap<>();
        List<Path> candidates = new ArrayList<>();
        candidates.addAll(pyenv());
        candidates.addAll(onPath());
        candidates.addAll(targets());
        for (Path candidate : candidates) {
            add(byVersion, candidate, Map.of());
        }
        boolean has314 = byVersion.keySet().stream().anyMatch(v -> v.startsWith("3.14."));
        Path bytedeco = has314 ? null : bytedeco();
        if (bytedeco != null) {
            add(
                    byVersion,
                    bytedeco.resolve("python3.14"),
                    Map.of(
                            "LD_LIBRARY_PATH", bytedeco.toString(),
                            "PYTHONHOME", bytedeco.toString()));
        }
        return byVersion.values().stream()
                .sorted(
                        Comparator.comparingInt(Python::major)
                                .thenComparingInt(Python::minor)
                                .thenComparingInt(Python::patch))
                .toList();
    }

    private static List<Path> pyenv() {
        String root = System.getenv("PYENV_ROOT");
        return below(
                root != null
                        ? Path.of(root, "versions")
                        : Path.of(System.getProperty("user.home"), ".pyenv", "versions"));
    }

    private static List<Path> targets() {
        String targets = System.getenv("JSPY_TARGETS");
        return below(
                targets != null
                        ? Path.of(targets)
                        : Path.of(System.getProperty("user.home"), ".cache", "jspy", "targets"));
    }

    private static List<Path> below(Path versions) {
        if (!Files.isDirectory(versions)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.sorted().map(folder -> folder.resolve("bin/python")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> onPath() {
        List<Path> found = new ArrayList<>();
        for (String folder : System.getenv().getOrDefault("PATH", "").split(":")) {
            // pyenv's shims are shell scripts, not interpreters
            if (folder.isEmpty() || folder.contains("shims")) {
                continue;
            }
            found.add(Path.of(folder, "python2.7"));
            for (int minor = 3; minor <= LAST_MINOR; minor++) {
                found.add(Path.of(folder, "python3." + minor));
            }
        }
        return found;
    }

    private static void add(
            Map<String, Python> byVersion, Path executable, Map<String, String> environment) {
        if (!Files.isExecutable(executable)) {
            return;
        }
        Python unnamed = new Python("", executable, environment);
        try {
            Process process =
                    unnamed.command("-c", "import sys; print(sys.version.split()[0])").start();
            String version;
            try (InputStream out = process.getInputStream()) {
                version = new String(out.readAllBytes()).strip();
            }
            if (process.waitFor(20, TimeUnit.SECONDS) && VERSION.matcher(version).matches()) {
                byVersion.putIfAbsent(version, new Python(version, executable, environment));
            }
        } catch (IOException e) {
            System.err.println("not used: " + executable + ": " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Unpacks the interpreter once; null where the repository lacks it. */
    private static Path bytedeco() {
        String repository =
                System.getProperty(
                        "maven.repo.local", System.getProperty("user.home") + "/.m2/repository");
        Path jar =
                Path.of(
                        repository,
                        "org/bytedeco/cpython",
                        BYTEDECO,
                        "cpython-" + BYTEDECO + "-linux-x86_64.jar");
        Path home = Path.of("target", "cpython-" + BYTEDECO).toAbsolutePath();
        Path done = home.resolve("unpacked");
        if (!Files.isRegularFile(jar)) {
            return null;
        }
        String prefix = "org/bytedeco/cpython/linux-x86_64/";
        if (!Files.exists(done)) {
            try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar))) {
                for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                    if (entry.isDirectory() || !entry.getName().startsWith(prefix)) {
                        continue;
                    }
                    Path file = home.resolve(entry.getName().substring(prefix.length()));
                    Files.createDirectories(file.getParent());
                    Files.deleteIfExists(file);
                    Files.copy(zip, file);
                }
                home.resolve("python3.14").toFile().setExecutable(true);
                Files.createFile(done);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return home;
    }
}
