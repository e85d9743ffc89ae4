package jspy.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Real processes: the jar under an old Java, which hands over to the one that runs the tests. On a
 * machine without an old one it is the same Java, told to hand over.
 */
@Timeout(60)
final class LauncherLiveTest {
    /** Half a second of writing, a quarter of a second between looks, and a busy machine. */
    private static final long SOON_MILLIS = 15_000;

    @TempDir private Path folder;

    private Path ready;
    private Path done;
    private JavaHome old;
    private final List<ProcessHandle> started = new ArrayList<>();

    @BeforeEach
    void findAnOldJava() {
        assumeTrue(File.separatorChar == '/', "signals are those of Unix");
        ready = folder.resolve("ready");
        done = folder.resolve("done");
        old =
                JavaSearch.ofThisMachine().found().stream()
                        .filter(home -> home.version().major() < Launcher.NEEDED)
                        .findFirst()
                        .orElseGet(() -> JavaHome.at(Path.of(System.getProperty("java.home"))));
    }

    @AfterEach
    void leaveNothingRunning() {
        started.forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void exitCodeOfTheChildIsTheExitCode() throws Exception {
        for (int code : new int[] {0, 1, 2, 137}) {
            assertEquals(code, exitCode(start("exit", Integer.toString(code))));
        }
    }

    @Test
    void streamsAndArgumentsGoThroughAsTheyAre() throws Exception {
        Process jspy = start("echo", "", "a b", "*", "@file", "é");
        jspy.getOutputStream().write("ünï\n".getBytes(StandardCharsets.UTF_8));
        jspy.getOutputStream().close();
        assertEquals("ünï\n", text(jspy.getInputStream().readAllBytes()));
        String arguments = text(jspy.getErrorStream().readAllBytes());
        assertTrue(arguments.startsWith("echo||a b|*|@file|"), arguments);
        assertEquals(1, arguments.lines().count(), arguments);
    }

    @Test
    void childRunsInTheNewerJavaWithItsFlags() throws Exception {
        Process jspy = start("flags", "-r", "100");
        String text = text(jspy.getInputStream().readAllBytes());
        assertTrue(Integer.parseInt(text.lines().findFirst().orElseThrow()) >= 22, text);
        assertTrue(text.contains("-XX:+UseSerialGC"), text);
        assertTrue(text.contains("-XX:TieredStopAtLevel=1"), text);
        assertEquals("", text(jspy.getErrorStream().readAllBytes()));
    }

    @Test
    void termToTheLauncherLetsTheChildWrite() throws Exception {
        stopsInOrder("TERM", false);
    }

    @Test
    void intToTheLauncherLetsTheChildWrite() throws Exception {
        stopsInOrder("INT", false);
    }

    @Test
    void hangUpOfTheLauncherLetsTheChildWrite() throws Exception {
        stopsInOrder("HUP", false);
    }

    @Test
    void interruptFromTheKeyboardReachesBothAndLetsTheChildWrite() throws Exception {
        stopsInOrder("INT", true);
    }

    @Test
    void childEndsAfterItsLauncherWasKilled() throws Exception {
        Process jspy = start("work", ready.toString(), done.toString());
        ProcessHandle child = child();
        signal("KILL", jspy.pid());
        assertEquals(137, exitCode(jspy));
        child.onExit().get(SOON_MILLIS, TimeUnit.MILLISECONDS);
        assertTrue(Files.exists(done), "an orderly end");
    }

    @Test
    void launcherEndsAfterItsChildWasKilled() throws Exception {
        Process jspy = start("work", ready.toString(), done.toString());
        signal("KILL", child().pid());
        assertEquals(137, exitCode(jspy));
        assertFalse(Files.exists(done));
    }

    @Test
    void threeLinesAndExitCode1WhereThereIsNoNewerJava() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        old.java().toString(),
                        "-D" + Launcher.ALWAYS_PROPERTY + "=true",
                        "-D" + JavaSearch.FOLDERS_PROPERTY + "=" + folder,
                        "-jar",
                        System.getProperty("jspy.jar"),
                        "--version");
        builder.environment().keySet().removeAll(List.of("JAVA_HOME", "JSPY_JAVA_HOME", "PATH"));
        Process jspy = builder.start();
        List<String> lines = text(jspy.getErrorStream().readAllBytes()).lines().toList();
        assertEquals(1, exitCode(jspy));
        assertEquals("", text(jspy.getInputStream().readAllBytes()));
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("needs Java 22"), lines.get(0));
        assertTrue(lines.get(1).contains("no other"), lines.get(1));
        assertTrue(lines.get(2).contains("JSPY_JAVA_HOME"), lines.get(2));
    }

    // internals

    /** The child's code is that of a virtual machine that a signal ended: 128 + INT or TERM. */
    private void stopsInOrder(String signal, boolean both) throws Exception {
        Process jspy = start("work", ready.toString(), done.toString());
        ProcessHandle child = child();
        if (both) {
            signal(signal, child.pid());
        }
        signal(signal, jspy.pid());
        int code = exitCode(jspy);
        // The child of a terminal has both signals within a millisecond: either may come first.
        assertTrue(code == 143 || both && code == 130, "exit code " + code);
        assertFalse(child.isAlive(), "the prompt came back before the child had ended");
        assertEquals("written", Files.readString(done));
    }

    private Process start(String... args) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                old.java().toString(),
                                "-D" + Launcher.ALWAYS_PROPERTY + "=true",
                                "-D" + Launcher.MAIN_PROPERTY + "=" + LauncherProbe.class.getName(),
                                "-cp",
                                System.getProperty("jspy.jar")
                                        + File.pathSeparator
                                        + Path.of(System.getProperty("jspy.basedir"))
                                                .resolve("target/test-classes"),
                                Launcher.class.getName()));
        command.addAll(Arrays.asList(args));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("JSPY_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        started.add(process.toHandle());
        return process;
    }

    private ProcessHandle child() throws Exception {
        for (long waited = 0; !Files.exists(ready); waited += 20) {
            assertTrue(waited < SOON_MILLIS, "the child did not start");
            Thread.sleep(20);
        }
        ProcessHandle child =
                ProcessHandle.of(Long.parseLong(Files.readString(ready))).orElseThrow();
        started.add(child);
        return child;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertTrue(process.waitFor(SOON_MILLIS, TimeUnit.MILLISECONDS), "still running");
        return process.exitValue();
    }

    private static void signal(String name, long pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, "" + pid).start().waitFor());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
