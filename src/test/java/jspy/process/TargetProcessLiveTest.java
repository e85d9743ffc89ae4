package jspy.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.TargetProcess.State;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;

class TargetProcessLiveTest {

    @Test
    void sleepingProgramIsDescribed() throws Exception {
        try (Running running = Running.start("sleep", "60")) {
            TargetProcess process = running.target();
            assertEquals(List.of("sleep", "60"), process.commandLine());
            assertTrue(
                    process.executable().endsWith("/sleep")
                            || process.executable().contains("box"));
            assertEquals(ProcessHandle.current().pid(), process.stat().parentPid());
            assertEquals(running.pid(), process.status().threadGroup());
            assertArrayEquals(new int[] {running.pid()}, process.threads());
            assertTrue(process.maps().files().size() > 0);
            assertFalse(process.stat().isKernelThread());
        }
    }

    @Test
    void stoppedContinuedAndEnded() throws Exception {
        try (Running running = Running.start("sleep", "60")) {
            TargetProcess process = running.target();
            running.signal("STOP");
            Running.await("stopped", () -> process.state() == State.STOPPED);
            assertTrue(process.isAlive());
            running.signal("CONT");
            Running.await("running", () -> process.state() == State.RUNNING);
            running.signal("KILL");
            Running.await("gone", () -> process.state() == State.GONE);
        }
    }

    @Test
    void zombieIsNotAlive() throws Exception {
        String program =
                "import os,time\np=os.fork()\nif p==0: os._exit(0)\nprint(p)\ntime.sleep(60)";
        try (Running running = Running.python(program)) {
            TargetProcess zombie =
                    TargetProcess.of(ProcFiles.system(), Integer.parseInt(running.line()));
            Running.await("zombie", () -> zombie.state() == State.ZOMBIE);
            assertFalse(zombie.isAlive());
            assertEquals(List.of(), zombie.commandLine());
        }
    }

    @Test
    void kernelThreadIsRecognised() throws Exception {
        Running.assumeLinux();
        TargetProcess first;
        try {
            first = TargetProcess.of(ProcFiles.system(), 2);
        } catch (IOException e) {
            org.junit.jupiter.api.Assumptions.abort("no process 2 here (a container)");
            throw e;
        }
        org.junit.jupiter.api.Assumptions.assumeTrue(first.stat().name().equals("kthreadd"));
        assertTrue(first.stat().isKernelThread());
    }
}
