package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Oracle;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;

/** Builds without a GIL: each thread is proved alone, on its own core. */
class FreeThreadedLiveTest {
    private static final double RATE = 300;
    private static final int MANY = 600;

    static List<Arguments> oracles() {
        List<Arguments> found = new ArrayList<>();
        for (Python python : Python.all()) {
            if (python.isFreeThreaded()) {
                Oracle.ALL.forEach(oracle -> found.add(Arguments.of(python, oracle)));
            }
        }
        if (found.isEmpty()) {
            found.add(Arguments.of(null, null));
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void noImpossibleStackIsProved(Python python, Oracle oracle) throws Exception {
        if (python == null) {
            System.out.println(
                    "skipped: no free-threaded CPython here (tools/targets/build-python)");
            Assumptions.abort();
        }
        try (LivePython target = oracle.start(python)) {
            Oracle.Found found = oracle.record(target, RATE, MANY);
            Oracle.Naive naive = oracle.readNaively(target);
            System.out.println(
                    python + ", " + oracle + ": " + found.accuracy().summary() + ", " + naive);
            assertEquals(0, found.impossible(), found.example());
            assertTrue(found.provedPercent() >= 95, found.accuracy()::summary);
        }
    }
}
