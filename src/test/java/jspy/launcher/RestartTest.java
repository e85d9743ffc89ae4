package jspy.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Becoming the same program with flags: which command, and that it works. */
final class RestartTest {
    @Test
    void flagsComeBeforeTheJarAndAllElseStays() {
        String[] args = {"record", "-p", "", "é \n"};
        byte[][] command = Restart.command(line("java", "-jar", "x/jspy.jar", args), args);
        List<String> words =
                Arrays.stream(command).map(w -> new String(w, StandardCharsets.UTF_8)).toList();
        int jar = words.indexOf("-jar");
        assertEquals("java", words.getFirst());
        assertEquals(Handover.flags(args), words.subList(1, jar));
        assertEquals(
                List.of("-jar", "x/jspy.jar", "record", "-p", "", "é \n"),
                words.subList(jar, words.size()));
    }

    @Test
    void flagsOfTheUsersOwnAreLeftAlone() {
        String[] args = {"record", "-p", "1"};
        assertNull(Restart.command(line("java", "-Xmx1g", "-jar", args), args));
        assertNull(Restart.command(line("java", "-cp", "jspy.jar", args), args));
        byte[][] restarted = Restart.command(line("java", "-jar", "jspy.jar", args), args);
        byte[] again = line(new String(restarted[0]), new String(restarted[1]), "-jar", args);
        assertNull(Restart.command(again, args), "for ever");
    }

    @Test
    void whatIsOverAtOnceGoesOn() {
        for (String command : List.of("dump", "--version", "help", "list", "")) {
            String[] args = {command};
            assertNull(Restart.command(line("java", "-jar", "jspy.jar", args), args), command);
        }
        assertNull(Restart.command(line("java", "-jar", "jspy.jar"), new String[0]));
    }

    @Test
    void jarRunsWithItsFlagsInTheProcessThatWasStarted() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/cmdline")), "Linux alone can tell");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder =
                new ProcessBuilder(
                        java.toString(),
                        "-jar",
                        System.getProperty("jspy.jar"),
                        "record",
                        "-p",
                        "0");
        builder.environment().put("JSPY_JAVA_OPTIONS", "-XX:+PrintCommandLineFlags");
        Process jspy = builder.redirectErrorStream(true).start();
        String text = new String(jspy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(jspy.waitFor(60, TimeUnit.SECONDS));
        assertTrue(text.contains("-XX:TieredStopAtLevel=1"), text);
        assertTrue(text.contains("-XX:+UseSerialGC"), text);
        assertTrue(text.contains("jspy:"), text);
        assertTrue(jspy.exitValue() == 1 || jspy.exitValue() == 2, text);
    }

    // internals

    private static byte[] line(String java, String first, String second, String... args) {
        return (java + "\0" + first + "\0" + second + "\0" + join(args))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String join(String... args) {
        StringBuilder text = new StringBuilder();
        for (String arg : args) {
            text.append(arg).append('\0');
        }
        return text.toString();
    }
}
