package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What cannot be done is said with its reason and what helps, exit code 1, and no file is left.
 * Each case is a run of the jar.
 */
@Timeout(120)
final class BadInputLiveTest {
    private static final int NOBODY = 65534;

    @TempDir private Path folder;

    @Test
    void noSuchProcess() throws Exception {
        Jspy jspy = Jspy.run("record", "--pid", "999999999", "-o", out("x.svg"));
        failed(jspy, "process 999999999: there is none");
        failed(Jspy.run("dump", "--pid", "999999999"), "process 999999999: there is none");
    }

    @Test
    void processThatIsNoPython() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        try {
            String pid = Long.toString(sleep.pid());
            failed(Jspy.run("record", "-p", pid, "-o", out("x.svg")), pid + " is not a CPython");
            failed(Jspy.run("dump", "-p", pid), pid + " is not a CPython");
        } finally {
            sleep.destroyForcibly();
        }
    }

    @Test
    void processOfAnotherUser() throws Exception {
        assumeRoot();
        try (LivePython target = sleeping()) {
            String nobody = "--reuid=" + NOBODY;
            ProcessBuilder command =
                    Jspy.commandUnder(
                            List.of("setpriv", nobody, "--clear-groups"),
                            "dump",
                            "--pid",
                            Integer.toString(target.pid()));
            Jspy jspy = Jspy.run(command);
            failed(jspy, "process %d: no permission".formatted(target.pid()));
            assertTrue(jspy.err().contains("belongs to user id 0, jspy runs as " + NOBODY));
            assertEquals(2, jspy.err().lines().count(), jspy.err());
        }
    }

    /** A real interpreter whose version words, in a copy of its file, say 3.2. */
    @Test
    void versionThatIsNotSupported() throws Exception {
        assertTrue(saidOfMinor(2).contains("supported"));
    }

    /** Of a newer one nothing is known but what its table says; this one has none. */
    @Test
    void newerVersionThatTellsNothingOfItself() throws Exception {
        String said = saidOfMinor(99);
        assertTrue(said.contains("is newer than CPython 2.7 and 3.3 to"), said);
        assertTrue(said.contains("has no _Py_DebugOffsets"), said);
    }

    @Test
    void programThatCannotBeStarted() throws Exception {
        Jspy jspy = Jspy.run("record", "-o", out("x.svg"), "--", "/no/such/program", "-x");
        failed(jspy, "/no/such/program: it cannot be started: No such file or directory");
    }

    @Test
    void programThatIsNoPythonIsEnded() throws Exception {
        Jspy jspy = Jspy.run("record", "-o", out("x.svg"), "--", "sleep", "61.5");
        failed(jspy, "is not a CPython");
        Jspy.await(
                "the program is gone",
                () ->
                        ProcessHandle.allProcesses()
                                .noneMatch(
                                        p -> p.info().commandLine().orElse("").contains("61.5")));
    }

    @Test
    void programThatEndsAtOnceKeepsItsExitCode() throws Exception {
        Jspy jspy = Jspy.run("record", "-o", out("x.svg"), "--", "sh", "-c", "exit 5");
        assertEquals(5, jspy.exitCode(), jspy.err());
        assertTrue(jspy.err().contains("before it could be recorded"), jspy.err());
        assertEquals(List.of(), files());
    }

    @Test
    void folderThatIsNotThereIsSaidBeforeSampling() throws Exception {
        try (LivePython target = sleeping()) {
            String pid = Integer.toString(target.pid());
            Jspy jspy = Jspy.run("record", "-p", pid, "-o", out("no/x.svg"));
            failed(jspy, "there is no folder");
            assertFalse(jspy.err().contains("sampling"), jspy.err());
        }
    }

    @Test
    void programIsNotStartedWhenItsProfileCannotBeWritten() throws Exception {
        Path touched = folder.resolve("touched");
        Jspy jspy = Jspy.run("record", "-o", out("no/%p.svg"), "--", "touch", touched.toString());
        failed(jspy, "there is no folder");
        assertFalse(Files.exists(touched));
    }

    @Test
    void folderThatMayNotBeWrittenIsSaidBeforeSampling() throws Exception {
        // Root may write everywhere but here.
        Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")), "no /proc");
        try (LivePython target = sleeping()) {
            String pid = Integer.toString(target.pid());
            Jspy jspy = Jspy.run("record", "-p", pid, "-o", "/proc/self/x.svg");
            failed(jspy, "cannot write /proc/self/x.svg: no file can be made in");
            assertFalse(jspy.err().contains("sampling"), jspy.err());
        }
    }

    @Test
    void fullDiskLeavesTheOldFile() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), 64);
                LivePython target = busy()) {
            Path file = disk.folder().resolve("x.svg");
            Files.writeString(file, "old");
            Files.write(disk.folder().resolve("ballast"), new byte[48 << 10]);
            String pid = Integer.toString(target.pid());
            Jspy jspy = Jspy.run("record", "-p", pid, "-d", "0.5", "-o", file.toString());
            assertEquals(1, jspy.exitCode(), jspy.err());
            assertTrue(
                    jspy.err().contains("No space left on device; the old file is still there"),
                    jspy.err());
            assertEquals("old", Files.readString(file));
            try (Stream<Path> left = Files.list(disk.folder())) {
                assertEquals(2, left.count());
            }
        }
    }

    @Test
    void fullStandardOutputIsAnError() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/full")), "no /dev/full");
        try (LivePython target = busy()) {
            String pid = Integer.toString(target.pid());
            for (String[] arguments :
                    List.of(
                            new String[] {"record", "-p", pid, "-d", "0.3", "-o", "-"},
                            new String[] {"dump", "-p", pid})) {
                Jspy jspy = Jspy.run(Jspy.command(arguments).redirectOutput(new File("/dev/full")));
                assertEquals(1, jspy.exitCode(), jspy.err());
                assertTrue(jspy.err().contains("standard output"), jspy.err());
            }
        }
    }

    @Test
    void processThatEndsMeanwhileIsWritten() throws Exception {
        try (LivePython target = busy();
                Jspy jspy =
                        Jspy.start(
                                "record",
                                "-f",
                                "raw",
                                "-p",
                                Integer.toString(target.pid()),
                                "-o",
                                out("x.txt"))) {
            jspy.awaitErr("sampling process");
            Thread.sleep(2000);
            target.kill();
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(jspy.err().contains("process %d ended".formatted(target.pid())), jspy.err());
            assertTrue(Files.readString(folder.resolve("x.txt")).contains("inner"));
        }
    }

    // internals

    private String saidOfMinor(int minor) throws Exception {
        Path copy = PatchedPython.withMinor(folder, minor);
        ProcessBuilder command =
                new ProcessBuilder(
                        copy.toString(), "-u", "-c", "print('ready'); import time; time.sleep(60)");
        command.environment().putAll(PatchedPython.environment());
        try (LivePython target = LivePython.start(command)) {
            Jspy jspy = Jspy.run("dump", "--pid", Integer.toString(target.pid()));
            failed(jspy, "3." + minor);
            return jspy.err();
        }
    }

    private void failed(Jspy jspy, String reason) throws Exception {
        assertEquals(1, jspy.exitCode(), jspy.err());
        assertTrue(jspy.err().startsWith("jspy: "), jspy.err());
        assertTrue(jspy.err().contains(reason), jspy.err());
        assertFalse(jspy.err().contains("Exception"), jspy.err());
        assertTrue(jspy.err().lines().count() <= 3, jspy.err());
        assertEquals("", jspy.out());
        assertEquals(List.of(), files());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.startsWith("python"))
                    .toList();
        }
    }

    private String out(String name) {
        return folder.resolve(name).toString();
    }

    private static LivePython sleeping() throws IOException {
        return Program.named("sleeping").start(Pythons.any());
    }

    private static LivePython busy() throws IOException {
        return Program.named("busy").start(Pythons.any());
    }

    private static void assumeRoot() throws IOException, InterruptedException {
        Process id = new ProcessBuilder("id", "-u").start();
        String user = new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assumptions.assumeTrue(
                id.waitFor(10, TimeUnit.SECONDS) && user.strip().equals("0"),
                "needs root, to be somebody else");
    }
}
