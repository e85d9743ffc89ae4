package jspy.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * The script tools/jspy in a repository of its own, with a home of its own and a jar that is built.
 */
@Timeout(120)
final class ToolsJspyLiveTest {
    private static final long TRAINED_MILLIS = 60_000;

    @TempDir private Path folder;

    private Path repository;

    @BeforeEach
    void makeARepository() throws IOException {
        assumeTrue(File.separatorChar == '/', "tools/jspy is a script for Unix");
        Path tools = Path.of(System.getProperty("jspy.basedir"), "tools");
        repository = Files.createDirectories(folder.resolve("a repository"));
        for (String name : List.of("jspy", "lib/common.sh")) {
            Path copy = repository.resolve("tools").resolve(name);
            Files.createDirectories(copy.getParent());
            Files.copy(tools.resolve(name), copy);
        }
        Files.writeString(repository.resolve("pom.xml"), "");
        Files.createDirectories(repository.resolve("src/main"));
        Files.createDirectories(repository.resolve("target"));
    }

    @Test
    void replacedJarNeverRunsTheOldClassesFromACache() throws Exception {
        putJar("probe-A");
        assertEquals("probe-A", jspy("--version"));
        if (Runtime.version().feature() >= 25) {
            waitForCache(1);
            assertEquals("probe-A", jspy("--version"));
        }
        putJar("probe-B");
        assertEquals("probe-B", jspy("--version"));
        if (Runtime.version().feature() >= 25) {
            waitForCache(2);
            assertEquals("probe-B", jspy("--version"));
        }
    }

    @Test
    void cacheThatCannotBeWrittenIsDoneWithout() throws Exception {
        putJar("probe-A");
        Files.writeString(folder.resolve("cache"), "a file where the folder should be");
        assertEquals("probe-A", jspy("--version"));
    }

    // internals

    /** VersionProbe's class file with another word of the same length in its constants. */
    private void putJar(String word) throws IOException {
        String name = VersionProbe.class.getName().replace('.', '/') + ".class";
        byte[] bytes;
        try (var in = VersionProbe.class.getClassLoader().getResourceAsStream(name)) {
            bytes =
                    new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                            .replace("probe-A", word)
                            .getBytes(StandardCharsets.ISO_8859_1);
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, VersionProbe.class.getName());
        Path jar = repository.resolve("target/jspy.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out, manifest)) {
            entries.putNextEntry(new JarEntry(name));
            entries.write(bytes);
        }
    }

    private String jspy(String... args) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder("sh", repository.resolve("tools/jspy").toString());
        builder.command().addAll(List.of(args));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().put("JSPY_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), text);
        return text.strip();
    }

    /** It is made in the background, after the run that found none. */
    private void waitForCache(int count) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TRAINED_MILLIS);
        while (caches() < count) {
            assertTrue(System.nanoTime() < deadline, "no cache was made");
            Thread.sleep(100);
        }
    }

    private long caches() throws IOException {
        Path run = folder.resolve("cache/jspy/run");
        try (Stream<Path> files = Files.walk(run, 2)) {
            return files.filter(path -> path.endsWith("jspy.aot")).count();
        }
    }
}
