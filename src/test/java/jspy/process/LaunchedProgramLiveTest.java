package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.AttachException.Reason;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class LaunchedProgramLiveTest {
    private static final ProcFiles PROC = ProcFiles.system();

    @BeforeEach
    void onLinux() {
        Running.assumeLinux();
    }

    private static String group(int pid) throws IOException {
        String stat = PROC.text(pid, "stat");
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2];
    }

    @Test
    void programRunsInTheSameProcessGroupWhenStartReturns() throws Exception {
        LaunchedProgram program = LaunchedProgram.start(PROC, List.of("sleep", "60"));
        try {
            assertEquals(List.of("sleep", "60"), program.target().commandLine());
            assertEquals(group((int) ProcessHandle.current().pid()), group(program.pid()));
            assertTrue(program.exitCode().isEmpty());
            assertFalse(program.waitForExit(Duration.ofMillis(20)));
        } finally {
            assertEquals(128 + 15, program.terminate(Duration.ofSeconds(10)));
        }
        assertEquals(128 + 15, program.exitCode().orElseThrow());
    }

    @Test
    void exitCodeIsKeptEvenOfAProgramThatEndsAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            LaunchedProgram program = LaunchedProgram.start(PROC, List.of("sh", "-c", "exit 3"));
            assertEquals(3, program.waitForExit());
        }
    }

    @Test
    void programThatIgnoresTermIsKilledAfterTheGrace() throws Exception {
        LaunchedProgram program =
                LaunchedProgram.start(
                        PROC, List.of("sh", "-c", "trap '' TERM; while :; do sleep 0.05; done"));
        Thread.sleep(300);
        assertEquals(128 + 9, program.terminate(Duration.ofMillis(300)));
    }

    @Test
    void programThatCannotBeStartedIsSaidWithTheReason() {
        AttachException missing =
                assertThrows(
                        AttachException.class,
                        () -> LaunchedProgram.start(PROC, List.of("/no/such/program", "x")));
        assertEquals(Reason.NOT_STARTED, missing.reason());
        assertEquals(
                "program /no/such/program: it cannot be started: No such file or directory",
                missing.getMessage());
    }

    @Test
    void programRunsAsTheUserWhoCalledSudo() throws Exception {
        Running.assumeRoot();
        LaunchedProgram program =
                LaunchedProgram.start(
                        PROC,
                        List.of("sleep", "60"),
                        LaunchedProgram.Options.plain().as(65534, 65534));
        try {
            assertEquals(65534, program.target().status().userIds()[0]);
            Path executable = Path.of(program.target().executable());
            assertFalse(executable.endsWith("setpriv"), executable.toString());
        } finally {
            program.terminate(Duration.ofSeconds(10));
        }
    }

    /** Of its own children the JDK would take a stop for the end. */
    @Test
    void programThatIsTracedHasAShellForAParentAndTheSameExitCodeAndGroup() throws Exception {
        LaunchedProgram program = traced("sleep", "60");
        assertEquals(List.of("sleep", "60"), program.target().commandLine());
        assertEquals(group((int) ProcessHandle.current().pid()), group(program.pid()));
        ThreadStopper stopper = new ThreadStopper(new jspy.os.Linux());
        int result = stopper.stop(program.pid());
        Thread.sleep(50);
        assertTrue(program.isAlive());
        stopper.resume();
        stopper.close();
        assertEquals(128 + 15, program.terminate(Duration.ofSeconds(10)), "stop said " + result);
        assertEquals(7, traced("sh", "-c", "sleep 0.2; exit 7").waitForExit());
        AttachException missing =
                assertThrows(AttachException.class, () -> traced("/no/such/program"));
        assertEquals(Reason.NOT_STARTED, missing.reason());
    }

    private static LaunchedProgram traced(String... command) throws AttachException {
        return LaunchedProgram.start(
                PROC, List.of(command), LaunchedProgram.Options.plain().traced(true));
    }
}
