package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The jar as a user starts it: {@code java -jar target/jspy.jar}. */
final class JarTest {
    @Test
    void printsItsVersionAndNothingOnStandardError() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process jspy =
                new ProcessBuilder(
                                java.toString(),
                                "-jar",
                                System.getProperty("jspy.jar"),
                                "--version")
                        .redirectErrorStream(true)
                        .start();
        String text = new String(jspy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(jspy.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, jspy.exitValue());
        assertTrue(text.matches("jspy \\d+\\.\\d+\\.\\d+\\S*\\R"), text);
    }
}
