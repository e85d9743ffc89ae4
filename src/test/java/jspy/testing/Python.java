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

/**
 * An interpreter for live tests. Looked for: python2.7, python3.3 … python3.19 on the PATH, every
 * version below the pyenv root, and what the scripts in {@code tools/targets} have fetched.
 *
 * @param version as it says itself, for example {@code 3.11.7}; free-threaded ones end in {@code
 *     t}, debug builds in {@code d}
 * @param environment what it needs to start
 */
public record Python(String version, Path executable, Map<String, String> environment) {
    private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\S*");
    private static final int LAST_MINOR = 19;

    private static final String SAY_VERSION =
            "import sys; f = getattr(sys, 'abiflags', '');"
                    + " print(sys.version.split()[0].rstrip('+') + 't' * ('t' in f)"
                    + " + 'd' * hasattr(sys, 'gettotalrefcount'))";

    private static final class Found {
        static final List<Python> ALL = find();
        static final List<Python> EMULATED = findEmulated();
        static final List<Python> STANDALONE = findStandalone();
    }

    /** All of the machine, oldest first; one a version. */
    public static List<Python> all() {
        return Found.ALL;
    }

    /** Those from this minor version of Python 3 on. */
    public static List<Python> from(int minor) {
        return all().stream().filter(p -> p.major() == 3 && p.minor() >= minor).toList();
    }

    /**
     * Those for aarch64 that {@code tools/targets/fetch-aarch64} has fetched, run by qemu-user:
     * their threads are threads of this machine, their memory is at the addresses that they know.
     * None on aarch64 itself.
     */
    public static List<Python> emulated() {
        return Found.EMULATED;
    }

    /**
     * python-build-standalone, which uv installs, if {@code tools/targets/fetch-embedded} has
     * fetched it: for tests that do not run every Python, so that the others take no longer.
     */
    public static List<Python> standalone() {
        return Found.STANDALONE;
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

    public boolean isFreeThreaded() {
        return version.contains("t");
    }

    public boolean isDebug() {
        return version.contains("d");
    }

    /**
     * Whether {@link #executable} is a script that starts it, in a root of its own: then its files
     * cannot be copied or linked to.
     */
    public boolean isWrapped() {
        try (InputStream in = Files.newInputStream(executable)) {
            return in.read() == '#';
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        for (Path candidate : candidates) {
            add(byVersion, candidate, Map.of());
        }
        for (Path home : foldersOf(targets())) {
            addFetched(byVersion, home);
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
        Path versions =
                root != null
                        ? Path.of(root, "versions")
                        : Path.of(System.getProperty("user.home"), ".pyenv", "versions");
        return foldersOf(versions).stream().map(folder -> folder.resolve("bin/python")).toList();
    }

    /** Where the scripts in {@code tools/targets} put what they fetch. */
    public static Path targets() {
        Map<String, String> environment = System.getenv();
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        String cache = environment.getOrDefault("XDG_CACHE_HOME", home + "/.cache");
        return Path.of(environment.getOrDefault("JSPY_TARGETS", cache + "/jspy/targets"));
    }

    private static List<Python> findEmulated() {
        Map<String, Python> byVersion = new TreeMap<>();
        if (!System.getProperty("os.arch").equals("aarch64")) {
            for (Path starter : foldersOf(targets().resolve("aarch64/cpython"))) {
                add(byVersion, starter, Map.of());
            }
        }
        return List.copyOf(byVersion.values());
    }

    private static List<Python> findStandalone() {
        Map<String, Python> byVersion = new TreeMap<>();
        add(byVersion, targets().resolve("embedded/standalone/bin/python"), Map.of());
        return List.copyOf(byVersion.values());
    }

    private static List<Path> foldersOf(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.sorted().toList();
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

    /**
     * One of {@code tools/targets}: its program itself where that can be started with nothing but
     * variables, as its wrapper would; else the wrapper.
     */
    private static void addFetched(Map<String, Python> byVersion, Path home) {
        for (int minor = 3; minor <= LAST_MINOR; minor++) {
            Path program = home.resolve("python3." + minor);
            if (Files.isExecutable(program)) {
                String libraries = home + ":" + home.resolve("lib");
                add(
                        byVersion,
                        program,
                        Map.of("LD_LIBRARY_PATH", libraries, "PYTHONHOME", home.toString()));
                return;
            }
        }
        add(byVersion, home.resolve("bin/python"), Map.of());
    }

    private static void add(
            Map<String, Python> byVersion, Path executable, Map<String, String> environment) {
        if (!Files.isExecutable(executable)) {
            return;
        }
        Python unnamed = new Python("", executable, environment);
        try {
            Process process = unnamed.command("-c", SAY_VERSION).start();
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
}
