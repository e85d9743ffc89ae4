package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Frame;
import jspy.profile.NativeShare;
import jspy.profile.Profile;
import jspy.testing.Container;
import jspy.testing.NativeRecording;
import jspy.testing.Program;
import jspy.testing.Python;
import jspy.testing.SeenStack;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

/** Native frames of a program with process ids, and files, of its own. */
class NativeContainerLiveTest {
    private static final int SAMPLES = Integer.getInteger("jspy.native.samples", 40);

    @ParameterizedTest
    @EnumSource(names = {"PIDS", "PIDS_AND_PIVOT"})
    void threadsAreStoppedAndFilesFoundWhereTheyAre(Container.Shape shape) throws Exception {
        List<Python> pythons =
                Python.from(11).stream()
                        .filter(python -> !python.isWrapped() && python.environment().isEmpty())
                        .filter(python -> python.minor() <= 14 && !python.isDebug())
                        .toList();
        Assumptions.assumeFalse(pythons.isEmpty(), "no Python that can be shown in a container");
        try (Container container =
                Container.start(shape, pythons.getLast(), Program.named("hashing"))) {
            Profile profile =
                    NativeRecording.of(
                            container.pid(), 100, NativeMode.CALLED, ThreadFilter.ACTIVE, SAMPLES);
            long hashing = 0;
            for (SeenStack stack : SeenStack.of(profile)) {
                boolean isHashing = stack.frames().stream().anyMatch(NativeContainerLiveTest::hash);
                hashing += isHashing ? stack.samples() : 0;
                assertTrue(!isHashing || stack.has("digest"), stack.labels().toString());
                assertFalse(stack.has("compute") && isHashing, stack.labels().toString());
            }
            NativeShare natives = profile.accuracy().natives();
            System.out.printf(
                    "%s: %d samples in hashes; %s%n", shape, hashing, profile.accuracy().summary());
            assertTrue(hashing > SAMPLES / 4, hashing + " in hashes");
            assertTrue(natives.reached() >= profile.accuracy().stacks() * 0.9);
        }
    }

    /** Of OpenSSL, or of CPython's own. */
    private static boolean hash(Frame frame) {
        return frame.shortFile().startsWith("libcrypto.") || frame.shortFile().startsWith("_sha");
    }
}
