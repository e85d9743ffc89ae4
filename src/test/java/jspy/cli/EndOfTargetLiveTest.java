package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What ends of a target, and of jspy itself, while it is looked at. */
@Timeout(180)
final class EndOfTargetLiveTest {
    /** Its first thread ends by itself; the others go on. */
    private static final String WITHOUT_MAIN =
            """
            import ctypes, sys, threading, time

            def worker():
                while True:
                    sum(range(2000))

            def waits():
                time.sleep(1000)

            threading.Thread(target=worker, name="worker").start()
            threading.Thread(target=waits).start()
            print("ready", flush=True)
            if len(sys.argv) > 1:
                time.sleep(float(sys.argv[1]))
            ctypes.CDLL(None).pthread_exit(None)
            """;

    /** Computes, and ends in order. */
    private static final String UNTIL_TOLD =
            """
            import select, sys
            print("ready", flush=True)
            while not select.select([sys.stdin], [], [], 0)[0]:
                sum(range(99))
            """;

    @TempDir private Path folder;

    @Test
    void theEndOfTheTargetIsNoError() throws Exception {
        for (int run = 0; run < 4; run++) {
            try (LivePython python = LivePython.run(Pythons.any(), UNTIL_TOLD);
                    Jspy jspy =
                            Jspy.start(
                                    "record",
                                    "-r",
                                    "500",
                                    "-f",
                                    "raw",
                                    "-o",
                                    folder.resolve("x").toString(),
                                    "-p",
                                    Integer.toString(python.pid()))) {
                jspy.awaitErr("sampling process");
                jspy.signal("USR1");
                jspy.awaitErr("the recording goes on");
                python.say("end");
                assertEquals(0, jspy.exitCode(), jspy.err());
                assertTrue(jspy.err().contains(" samples at "), jspy.err());
                assertTrue(jspy.err().contains("process " + python.pid() + " ended"), jspy.err());
                assertFalse(jspy.err().contains("error"), jspy.err());
            }
        }
    }

    @Test
    void aProcessWithoutItsFirstThreadIsReadThroughAnother() throws Exception {
        try (LivePython python = LivePython.run(Pythons.any(), WITHOUT_MAIN)) {
            awaitZombie(python);
            Jspy dump = Jspy.run("dump", "-p", Integer.toString(python.pid()));
            assertEquals(0, dump.exitCode(), dump.err());
            assertTrue(dump.out().startsWith("Process " + python.pid() + ": "), dump.out());
            assertTrue(dump.out().contains("worker (<string>:"), dump.out());
            assertTrue(dump.out().contains("waits (<string>:"), dump.out());
            assertTrue(record(python, "-d", "1.5").contains("worker (<string>:"));
        }
    }

    @Test
    void aRecordingGoesOnWhenTheFirstThreadEnds() throws Exception {
        try (LivePython python =
                LivePython.start(Pythons.any().command("-u", "-c", WITHOUT_MAIN, "3"))) {
            Path file = folder.resolve("y.txt");
            try (Jspy jspy =
                    Jspy.start(
                            "record",
                            "-f",
                            "raw",
                            "-o",
                            file.toString(),
                            "-p",
                            Integer.toString(python.pid()))) {
                jspy.awaitErr("sampling process");
                awaitZombie(python);
                long before = worker(jspy, file);
                Jspy.await("more samples", () -> worker(jspy, file) > before + 5);
                jspy.signal("INT");
                assertEquals(0, jspy.exitCode(), jspy.err());
            }
        }
    }

    @Test
    void aSecondControlCLeavesNothingHalfWritten() throws Exception {
        Assumptions.assumeTrue(hasStrace(), "skipped: this machine has no strace");
        List<String> slowDisk =
                List.of(
                        "strace",
                        "-f",
                        "-qq",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=fsync,fdatasync",
                        "-e",
                        "inject=fsync,fdatasync:delay_enter=12000000");
        try (LivePython python = LivePython.run(Pythons.any(), "print(1)\nwhile True: pass");
                Jspy jspy =
                        Jspy.start(
                                Jspy.commandUnder(
                                        slowDisk,
                                        "record",
                                        "-f",
                                        "raw",
                                        "-o",
                                        folder.resolve("z.txt").toString(),
                                        "-p",
                                        Integer.toString(python.pid())))) {
            jspy.awaitErr("sampling process");
            Thread.sleep(500);
            long java = jspy.process().children().findFirst().orElseThrow().pid();
            Jspy.signal("INT", java);
            Jspy.await("the hidden file", () -> !files().isEmpty());
            Thread.sleep(1000);
            assertEquals(1, files().size());
            Jspy.signal("INT", java);
            jspy.awaitErr("interrupted again");
            assertEquals(130, jspy.exitCode(), jspy.err());
            assertEquals(List.of(), files());
        }
    }

    // internals

    private String record(LivePython python, String... more) throws Exception {
        Path file = folder.resolve("x.txt");
        List<String> command = new ArrayList<>(List.of("record", "-f", "raw", "-o"));
        command.addAll(List.of(file.toString(), "-p", Integer.toString(python.pid())));
        command.addAll(List.of(more));
        Jspy jspy = Jspy.run(command.toArray(String[]::new));
        assertEquals(0, jspy.exitCode(), jspy.err());
        return Files.readString(file);
    }

    /** Samples of the worker so far. */
    private static long worker(Jspy jspy, Path file) {
        try {
            Files.deleteIfExists(file);
            jspy.signal("USR1");
            Jspy.await("the file", () -> Files.exists(file));
            return Files.readAllLines(file).stream()
                    .filter(line -> line.contains("worker (<string>"))
                    .mapToLong(line -> Long.parseLong(line.replaceFirst(".* ", "")))
                    .sum();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitZombie(LivePython python) {
        Path stat = Path.of("/proc/" + python.pid() + "/stat");
        Jspy.await(
                "the end of the first thread",
                () -> {
                    try {
                        return Files.readString(stat).contains(") Z ");
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
    }

    private List<String> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(path -> path.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean hasStrace() throws InterruptedException {
        try {
            return new ProcessBuilder("strace", "-V").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
