package jspy.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.AttachException.Reason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;

class AttachCheckTest {
    @TempDir private Path folder;

    private static AttachException refused(ProcFiles proc, int pid) {
        return assertThrows(AttachException.class, () -> new AttachCheck(proc).attach(pid));
    }

    @Test
    void pidThatIsNotThere() {
        ProcFiles proc = new FakeProc(folder).files();
        assertEquals(Reason.NO_SUCH_PROCESS, refused(proc, 99).reason());
        assertEquals(
                "process 99: there is none\nps -e lists what is there",
                refused(proc, 99).getMessage());
        assertEquals(Reason.NO_SUCH_PROCESS, refused(proc, 0).reason());
        assertEquals(Reason.NO_SUCH_PROCESS, refused(proc, -1).reason());
    }

    @Test
    void pidThatMayBeHidden() {
        FakeProc proc = new FakeProc(folder);
        proc.with("self/mounts", "proc /proc proc rw,nosuid,hidepid=2 0 0\n");
        assertTrue(refused(proc.files(), 99).why().contains("hidepid"));
    }

    @Test
    void ownPid() {
        Running.assumeLinux();
        int own = (int) ProcessHandle.current().pid();
        assertEquals(Reason.SELF, refused(ProcFiles.system(), own).reason());
    }

    @Test
    void threadInsteadOfAProcess() {
        FakeProc proc =
                new FakeProc(folder).process(8, "a", 'S').with("8/status", "Tgid:\t7\nPid:\t8\n");
        AttachException refused = refused(proc.files(), 8);
        assertEquals(Reason.THREAD_ID, refused.reason());
        assertEquals("process 8: that is a thread of process 7\nuse --pid 7", refused.getMessage());
    }

    @Test
    void zombieKernelThreadAndProcessWithoutMemory() {
        FakeProc proc = new FakeProc(folder).process(8, "a", 'Z');
        assertEquals(Reason.ENDED, refused(proc.files(), 8).reason());
        assertTrue(refused(proc.files(), 8).why().contains("zombie"));
        proc.process(9, "kthreadd", 'S');
        proc.with("9/stat", "9 (kthreadd) S" + FakeProc.STAT_TAIL.replace("4194304", "2129984"));
        assertEquals(Reason.KERNEL_THREAD, refused(proc.files(), 9).reason());
        proc.process(10, "a", 'S').with("10/maps", "");
        assertEquals(Reason.ENDED, refused(proc.files(), 10).reason());
    }

    @Test
    void programOfAnotherKind() throws Exception {
        FakeProc proc = new FakeProc(folder.resolve("proc")).process(8, "a", 'S');
        proc.with("8/maps", "1000-2000 r-xp 00000000 fd:01 5 /a\n");
        byte[] header = new byte[64];
        System.arraycopy(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1}, 0, header, 0, 7);
        header[18] = 3;
        Path program = Files.write(folder.resolve("program"), header);
        proc.withLink("8/exe", program);
        AttachException refused = refused(proc.files(), 8);
        assertEquals(Reason.UNSUPPORTED_PROGRAM, refused.reason());
        assertTrue(refused.why().startsWith("it is a 32-bit i386 program"), refused.why());
        Files.writeString(program, "#!/bin/sh");
        new AttachCheck(proc.files()).attach(8);
    }
}
