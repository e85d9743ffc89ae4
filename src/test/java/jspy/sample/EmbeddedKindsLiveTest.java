package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.AttachCheck;
import jspy.process.Children;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.python.NoPythonException;
import jspy.testing.LivePython;
import jspy.testing.Oracle;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;

/** CPythons that came as part of something else; {@code tools/targets/fetch-embedded} has them. */
class EmbeddedKindsLiveTest {
    private static final double RATE = 200;
    private static final int SAMPLES = 300;
    private static final Oracle ORACLE = new Oracle("four_threads", "", "", "", 0);

    @Test
    void pythonBuildStandalone() throws Exception {
        if (Python.standalone().isEmpty()) {
            skip("python-build-standalone", "standalone");
        }
        Python python = Python.standalone().getFirst();
        try (LivePython target = ORACLE.start(python)) {
            assertRight(python.toString(), target.target(), python.version());
        }
    }

    @Test
    void programFrozenByPyInstaller() throws Exception {
        Path program = Python.targets().resolve("embedded/pyinstaller/four_threads");
        if (!Files.isExecutable(program)) {
            skip("program frozen by PyInstaller", "pyinstaller");
        }
        try (LivePython target = LivePython.start(new ProcessBuilder(program.toString()))) {
            int python = Children.of(ProcFiles.system(), target.pid()).getFirst();
            NoPythonException refused =
                    assertThrows(NoPythonException.class, () -> Attachment.to(target.target()));
            assertTrue(
                    refused.getMessage().contains("no file of it holds an interpreter"),
                    refused.getMessage());
            assertTrue(refused.remedy().contains("use --pid " + python), refused.remedy());
            try {
                TargetProcess frozen = new AttachCheck(ProcFiles.system()).attach(python);
                assertRight("frozen", frozen, "");
            } finally {
                ProcessHandle.of(python).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    // internals

    private static void skip(String what, String name) {
        String reason = "no %s here (tools/targets/fetch-embedded %s)".formatted(what, name);
        System.out.println("skipped: " + reason);
        Assumptions.abort(reason);
    }

    private static void assertRight(String what, TargetProcess process, String version)
            throws Exception {
        Attachment attachment = Attachment.to(process);
        Oracle.Found found = ORACLE.record(attachment, RATE, SAMPLES);
        System.out.printf(
                "%s, %s in %s: %s%n",
                what,
                attachment.runtime().foundBy(),
                attachment.runtime().file(),
                found.accuracy().summary());
        assertTrue(attachment.runtime().version().toString().startsWith(version));
        assertEquals(0, found.impossible(), found.example());
        assertTrue(found.provedPercent() >= 90, found.accuracy()::summary);
        assertTrue(found.accuracy().stacks() >= SAMPLES, found.accuracy()::summary);
    }
}
