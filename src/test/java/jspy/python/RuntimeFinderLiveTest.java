package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.LayoutCatalog;
import jspy.layout.PythonVersion;
import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.concurrent.TimeUnit;

class RuntimeFinderLiveTest {
    private static final String WAIT = "import sys; print('ready'); sys.stdin.read()";

    /** For a busy machine, and targets that scripts start. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    static List<Python> pythons() {
        return Python.all().stream().filter(p -> LayoutCatalog.isKnown(version(p))).toList();
    }

    static List<Python> unknown() {
        return Python.all().stream().filter(p -> !LayoutCatalog.isKnown(version(p))).toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void aRunningPythonIsFoundWithItsVersion(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, WAIT)) {
            long begin = System.nanoTime();
            PythonRuntime runtime = new RuntimeFinder(target.target(), target.memory()).find();
            long millis = (System.nanoTime() - begin) / 1_000_000;
            assertEquals(python.version(), runtime.version().toString());
            assertEquals(version(python).atLeast(3, 13), runtime.debugOffsets());
            System.out.printf(
                    "%s: %s, %s, %d ms%n", python, runtime.file(), runtime.foundBy(), millis);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void onePythonThatHasJustBeenStartedIsWaitedFor(Python python) throws Exception {
        for (int i = 0; i < 5; i++) {
            try (LivePython target = LivePython.starting(python.command("-c", WAIT))) {
                PythonRuntime runtime =
                        new RuntimeFinder(target.target(), target.memory()).find(PATIENCE_NANOS);
                assertEquals(python.version(), runtime.version().toString());
            }
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("unknown")
    void anUnknownPythonIsRefusedByItsVersion(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, WAIT)) {
            NoPythonException refused = failure(target);
            assertEquals(NoPythonException.Reason.UNSUPPORTED_VERSION, refused.reason());
            assertTrue(refused.getMessage().contains(python.version()), refused.getMessage());
        }
    }

    @Test
    void whatIsNoPythonIsSaidToBeNone() throws Exception {
        try (LivePython target =
                LivePython.start(new ProcessBuilder("sh", "-c", "echo ready; read line"))) {
            NoPythonException refused = failure(target);
            assertEquals(NoPythonException.Reason.NOT_PYTHON, refused.reason());
            assertTrue(refused.getMessage().contains("holds no interpreter"), refused.getMessage());
        }
    }

    @Test
    void aProcessThatEndedIsSaidToHaveEnded() throws Exception {
        try (LivePython target =
                LivePython.start(new ProcessBuilder("sh", "-c", "echo ready; read line"))) {
            RuntimeFinder finder = new RuntimeFinder(target.target(), target.memory());
            target.kill();
            NoPythonException refused = assertThrows(NoPythonException.class, finder::find);
            assertEquals(NoPythonException.Reason.ENDED, refused.reason());
        }
    }

    // internals

    private static PythonVersion version(Python python) {
        return PythonVersion.of(python.major(), python.minor(), python.patch());
    }

    private static NoPythonException failure(LivePython target) throws Exception {
        RuntimeFinder finder = new RuntimeFinder(target.target(), target.memory());
        return assertThrows(NoPythonException.class, finder::find);
    }
}
