package jspy.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.TargetProcess.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

class TargetProcessTest {
    @TempDir private Path folder;

    @Test
    void nameWithParenthesesAndNewlinesDoesNotShiftTheFields() throws IOException {
        FakeProc proc = new FakeProc(folder).process(7, "a) R 1 (b\nc", 'S');
        TargetProcess process = TargetProcess.of(proc.files(), 7);
        assertEquals(4711, process.startTicks());
        assertEquals("a) R 1 (b\nc", process.stat().name());
        assertEquals(State.RUNNING, process.state());
    }

    @Test
    void pidThatIsAnotherProcessByNowIsGone() throws IOException {
        FakeProc proc = new FakeProc(folder).process(7, "a", 'R');
        TargetProcess process = TargetProcess.of(proc.files(), 7);
        proc.with("7/stat", "7 (a) R" + FakeProc.STAT_TAIL.replace(" 4711 ", " 9999 "));
        assertEquals(State.GONE, process.state());
        assertFalse(process.isAlive());
    }

    @Test
    void statesAreToldApart() throws IOException {
        FakeProc proc = new FakeProc(folder);
        for (Object[] expected :
                new Object[][] {
                    {'T', State.STOPPED},
                    {'t', State.TRACED},
                    {'Z', State.ZOMBIE},
                    {'X', State.GONE},
                    {'D', State.RUNNING},
                    {'I', State.RUNNING}
                }) {
            proc.process(8, "p", (Character) expected[0]);
            assertEquals(expected[1], TargetProcess.of(proc.files(), 8).state());
        }
    }

    @Test
    void commandLineIsSplitAtItsZeros() throws IOException {
        FakeProc proc = new FakeProc(folder).process(7, "a", 'R');
        TargetProcess process = TargetProcess.of(proc.files(), 7);
        proc.with("7/cmdline", "python3\0-c\0a b\nc\0\0");
        assertEquals(List.of("python3", "-c", "a b\nc", ""), process.commandLine());
        proc.with("7/cmdline", "a title that it gave itself");
        assertEquals(List.of("a title that it gave itself"), process.commandLine());
        proc.with("7/cmdline", "");
        assertEquals(List.of(), process.commandLine());
    }

    @Test
    void threadsOfAnotherNamespaceAreKnownByBothIds() throws IOException {
        FakeProc proc = new FakeProc(folder).process(700, "a", 'R');
        proc.with("700/status", "NSpid:\t700\t40\t1\n");
        proc.with("700/task/700/status", "NSpid:\t700\t40\t1\n");
        proc.with("700/task/712/status", "NSpid:\t712\t52\t9\n");
        TargetProcess process = TargetProcess.of(proc.files(), 700);
        assertEquals(1, process.nativePid());
        assertArrayEquals(new int[] {700, 712}, process.threads());
        ThreadIds ids = process.threadIds();
        assertTrue(ids.isNamespaced());
        assertEquals(700, ids.listedId(1));
        assertEquals(712, ids.listedId(9));
        assertEquals(0, ids.listedId(712));
    }

    @Test
    void whatIsNoProcessIsATypedFailure() {
        FakeProc proc = new FakeProc(folder).with("5/stat", "nonsense");
        assertThrows(IOException.class, () -> TargetProcess.of(proc.files(), 4));
        assertThrows(IOException.class, () -> TargetProcess.of(proc.files(), 5));
    }
}
