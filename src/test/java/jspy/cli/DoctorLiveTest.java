package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Locale;

/** {@code doctor}, {@code list} and {@code --pid} by name, on real processes. */
class DoctorLiveTest {
    @Test
    void ofAPythonItSaysWhatJspyKnows() throws Exception {
        Python python = Pythons.any();
        try (LivePython target = Program.named("sleeping").start(python)) {
            Jspy jspy = Jspy.run("doctor", Integer.toString(target.pid()));
            assertEquals(0, jspy.exitCode(), jspy.err());
            assertTrue(jspy.out().contains("CPython " + python.version()), jspy.out());
            assertTrue(jspy.out().contains("process_vm_readv"), jspy.out());
            assertTrue(jspy.out().contains("MainThread"), jspy.out());
            assertTrue(jspy.out().contains("in the way  nothing"), jspy.out());
        }
    }

    @Test
    void ofAShellItNamesThePythonThatItStarted() throws Exception {
        String python = Pythons.executable();
        String script = "\"$0\" -c 'print(\"ready\", flush=True); input()'; :";
        try (LivePython shell = LivePython.start(new ProcessBuilder("sh", "-c", script, python))) {
            long child =
                    ProcessHandle.of(shell.pid())
                            .orElseThrow()
                            .children()
                            .findFirst()
                            .orElseThrow()
                            .pid();
            Jspy doctor = Jspy.run("doctor", Integer.toString(shell.pid()));
            assertEquals(1, doctor.exitCode());
            assertTrue(doctor.out().contains("is not a CPython"), doctor.out());
            assertTrue(doctor.out().contains("use --pid " + child), doctor.out());
            Jspy dump = Jspy.run("dump", "--pid", Integer.toString(shell.pid()));
            assertEquals(1, dump.exitCode());
            assertTrue(dump.err().contains("use --pid " + child), dump.err());
            ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void ofAPyPyItSaysThatItIsNone() throws Exception {
        ProcessBuilder pypy = new ProcessBuilder("pypy3", "-u", "-c", "print('ready'); input()");
        try (LivePython target = LivePython.start(pypy)) {
            Jspy doctor = Jspy.run("doctor", Integer.toString(target.pid()));
            assertEquals(1, doctor.exitCode());
            assertTrue(doctor.out().contains("is a PyPy, not a CPython"), doctor.out());
        } catch (IOException e) {
            System.out.println("skipped: no PyPy here (apt install pypy3)");
            Assumptions.abort("no PyPy here: " + e.getMessage());
        }
    }

    @Test
    void whatIsNoProcessIsSaidToBeNone() throws Exception {
        Jspy jspy = Jspy.run("doctor", "99999999");
        assertEquals(1, jspy.exitCode());
        assertTrue(jspy.out().contains("there is none"), jspy.out());
    }

    @Test
    void listAndNamesFindAPython() throws Exception {
        Python python = Pythons.any();
        String name = "jspy-name-" + ProcessHandle.current().pid();
        ProcessBuilder command =
                python.command("-u", Program.named("sleeping").file().toString(), name);
        try (LivePython target = LivePython.start(command)) {
            Jspy list = Jspy.run("list");
            assertTrue(
                    list.out()
                            .lines()
                            .anyMatch(
                                    line ->
                                            line.strip().startsWith(target.pid() + " ")
                                                    && line.contains(python.version())
                                                    && line.endsWith(name)),
                    list.out());
            assertEquals(0, Jspy.run("dump", "--pid", name).exitCode());
            try (LivePython second = LivePython.start(command)) {
                Jspy several = Jspy.run("dump", "--pid", name.toLowerCase(Locale.ROOT));
                assertEquals(1, several.exitCode());
                assertTrue(several.err().contains("fits 2 processes"), several.err());
                assertTrue(several.err().contains("  " + second.pid() + "  "), several.err());
            }
        }
        Jspy none = Jspy.run("dump", "--pid", "no-python-is-called-so");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().contains("jspy list shows all"), none.err());
    }
}
