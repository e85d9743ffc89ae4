package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** USR1 and {@code jspy ctl}: what there is so far is written, and the recording goes on. */
@Timeout(120)
final class FlushLiveTest {
    @TempDir private Path folder;

    private LivePython target;

    @BeforeEach
    void startTarget() throws IOException {
        target = Program.named("busy").start(Pythons.any());
    }

    @AfterEach
    void endTarget() {
        target.close();
    }

    @Test
    void usr1WritesEveryFormatAndTheRecordingGoesOn() throws Exception {
        List<String> formats = List.of("flamegraph", "raw", "speedscope", "chrometrace");
        ProcessBuilder command = Jspy.command("record", "-p", pid(), "-o", folder + "/all");
        formats.forEach(format -> command.command().addAll(List.of("-f", format)));
        try (Jspy jspy = Jspy.start(command)) {
            jspy.awaitErr("sampling process");
            Thread.sleep(1500);
            jspy.signal("USR1");
            jspy.awaitErr("the recording goes on");
            long before = samples("all.txt");
            assertTrue(before > 0);
            assertTrue(text("all.svg").strip().endsWith("</svg>"));
            assertTrue(text("all.speedscope.json").contains("\"endValue\""));
            assertTrue(text("all.chrometrace.json").strip().endsWith("]"));
            Thread.sleep(1000);
            jspy.signal("INT");
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(samples("all.txt") > before, before + " and then " + samples("all.txt"));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(formats.size(), files.count(), "nothing else is left");
        }
    }

    @Test
    void ctlFindsTheRecordingBehindTheLauncher() throws Exception {
        ProcessBuilder command =
                Jspy.command("record", "-p", pid(), "-f", "raw", "-o", folder + "/x.txt");
        command.command().add(1, "-Djspy.launcher.always=true");
        try (Jspy jspy = Jspy.start(command)) {
            jspy.awaitErr("sampling process");
            Thread.sleep(1000);
            Jspy ctl = Jspy.run("ctl", Long.toString(jspy.process().pid()), "flush");
            assertEquals(0, ctl.exitCode(), ctl.err());
            jspy.awaitErr("the recording goes on");
            assertTrue(samples("x.txt") > 0);
            Files.delete(folder.resolve("x.txt"));
            jspy.signal("USR1"); // the launcher passes it on
            Jspy.await("the file", () -> Files.exists(folder.resolve("x.txt")));
            assertTrue(jspy.isAlive());
            jspy.signal("INT");
            assertEquals(0, jspy.exitCode(), jspy.err());
        }
    }

    @Test
    void standardOutputGetsOneProfileOnly() throws Exception {
        try (Jspy jspy = Jspy.start("record", "-p", pid(), "-f", "raw", "-o", "-")) {
            jspy.awaitErr("sampling process");
            Thread.sleep(1000);
            jspy.signal("USR1");
            jspy.awaitErr("standard output gets the profile at the end");
            assertEquals("", jspy.out());
            jspy.signal("INT");
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(jspy.out().contains("inner"), jspy.out());
        }
    }

    @Test
    void topWritesAFlameGraph() throws Exception {
        ProcessBuilder command = Jspy.command("top", "-p", pid(), "--delay", "0.5");
        command.directory(folder.toFile());
        try (Jspy jspy = Jspy.start(command)) {
            jspy.awaitOut("%Own");
            jspy.signal("USR1");
            jspy.awaitOut("wrote ");
            assertTrue(jspy.isAlive());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertTrue(Files.readString(files.findFirst().orElseThrow()).contains("inner"));
        }
    }

    @Test
    void ctlSignalsNobodyElse() throws Exception {
        Jspy other = Jspy.run("ctl", pid(), "flush");
        assertEquals(1, other.exitCode());
        assertTrue(other.err().contains("is no jspy that records: "), other.err());
        assertTrue(target.target().isAlive());
        Jspy none = Jspy.run("ctl", "4194303", "flush");
        assertEquals(1, none.exitCode());
        assertTrue(none.err().contains("there is none"), none.err());
        for (List<String> wrong :
                List.of(List.of(pid()), List.of("x", "flush"), List.of("1", "go"))) {
            ProcessBuilder command = Jspy.command("ctl");
            command.command().addAll(wrong);
            Jspy jspy = Jspy.run(command);
            assertEquals(2, jspy.exitCode(), jspy.err());
            assertFalse(jspy.err().contains("Exception"), jspy.err());
        }
    }

    // internals

    private String pid() {
        return Integer.toString(target.pid());
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private long samples(String name) throws IOException {
        return text(name)
                .lines()
                .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
