package jspy.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Path;

/** What tools/race is made of has its own tests, in Python; they are run from here. */
final class RaceToolTest {
    @Test
    @Timeout(60)
    void partsOfTheRacePassTheirOwnTests() throws Exception {
        Process tests;
        try {
            tests =
                    new ProcessBuilder(
                                    "python3",
                                    "-m",
                                    "unittest",
                                    "discover",
                                    "-s",
                                    "racing/tests",
                                    "-t",
                                    ".")
                            .directory(
                                    Path.of(System.getProperty("jspy.basedir"), "tools").toFile())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException problem) {
            assumeTrue(false, "skipped: " + problem.getMessage());
            return;
        }
        String said = new String(tests.getInputStream().readAllBytes());
        assertEquals(0, tests.waitFor(), said);
        assertTrue(said.matches("(?s).*Ran [1-9]\\d* tests.*"), said);
    }
}
