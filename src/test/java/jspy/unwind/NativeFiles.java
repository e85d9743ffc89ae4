package jspy.unwind;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Real libraries for tests, where this machine has them: its own, pyenv's, those that {@code
 * tools/targets/fetch-native} fetched, and the JDK's.
 */
final class NativeFiles {
    /** A file to look for: the first that matches in one of the folders. */
    record Wanted(String name, List<Path> folders, String pattern) {
        /** Null when it is not there. */
        Path find() {
            for (Path folder : folders) {
                if (!Files.isDirectory(folder)) {
                    continue;
                }
                try (Stream<Path> files = Files.walk(folder, 12, FileVisitOption.FOLLOW_LINKS)) {
                    Optional<Path> found =
                            files.filter(file -> file.getFileName().toString().matches(pattern))
                                    .filter(Files::isRegularFile)
                                    .sorted()
                                    .findFirst();
                    if (found.isPresent()) {
                        return found.get();
                    }
                } catch (IOException | UncheckedIOException e) {
                    // a folder that cannot be listed has nothing to offer
                }
            }
            return null;
        }
    }

    private static final Path HOME = Path.of(System.getProperty("user.home"));

    private NativeFiles() {}

    static boolean hasReadelf() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "readelf")));
    }

    static List<Wanted> wanted() {
        List<Path> system =
                List.of(
                        Path.of("/lib/x86_64-linux-gnu"),
                        Path.of("/usr/lib/x86_64-linux-gnu"),
                        Path.of("/lib64"));
        Path fetched = fetched();
        List<Path> amd64 = List.of(fetched.resolve("x86_64"));
        List<Path> arm64 = List.of(fetched.resolve("aarch64"));
        List<Path> pyenv = List.of(HOME.resolve(".pyenv/versions"));
        List<Wanted> wanted = new ArrayList<>();
        wanted.add(new Wanted("libc", system, "libc\\.so\\.6"));
        wanted.add(new Wanted("ld", system, "ld-linux-x86-64\\.so\\.2"));
        wanted.add(new Wanted("libstdc++", system, "libstdc\\+\\+\\.so\\.6.*"));
        wanted.add(new Wanted("libcrypto", system, "libcrypto\\.so\\.[13].*"));
        for (String minor : List.of("2.7", "3.8", "3.10", "3.11", "3.12", "3.13")) {
            String name = "libpython" + minor;
            wanted.add(new Wanted(name, pyenv, name.replace(".", "\\.") + "\\.so\\.1\\.0"));
        }
        List<Path> jdk = List.of(Path.of(System.getProperty("java.home"), "lib"));
        wanted.add(new Wanted("libjvm", jdk, "libjvm\\.so"));
        for (List<Path> folders : List.of(amd64, arm64)) {
            String of = " of " + folders.getFirst().getFileName();
            wanted.add(new Wanted("OpenBLAS" + of, folders, "libscipy_openblas.*\\.so"));
            wanted.add(new Wanted("numpy" + of, folders, "_multiarray_umath.*\\.so"));
        }
        wanted.add(new Wanted("libc of aarch64", arm64, "libc\\.so\\.6"));
        wanted.add(new Wanted("libstdc++ of aarch64", arm64, "libstdc\\+\\+\\.so\\.6.*"));
        wanted.add(new Wanted("libcrypto of aarch64", arm64, "libcrypto\\.so\\.3"));
        wanted.add(new Wanted("python of aarch64", arm64, "python3\\.1[0-9]"));
        return wanted;
    }

    /** Where {@code tools/targets/fetch-native} puts its files. */
    static Path fetched() {
        String targets = System.getenv("JSPY_TARGETS");
        return (targets != null ? Path.of(targets) : HOME.resolve(".cache/jspy/targets"))
                .resolve("native");
    }
}
