package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Oracle;
import jspy.testing.Program;
import jspy.testing.Python;
import jspy.testing.Recorded;
import jspy.testing.SeenStack;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** CPythons before 3.8: other GILs, names that are bytes, threads without a native id. */
class OldPythonsLiveTest {
    private static final double RATE = 200;
    private static final int MANY = 300;
    private static final int FIRST_NEW_MINOR = 8;

    static List<Python> pythons() {
        return Python.all().stream()
                .filter(p -> p.major() == 2 || p.minor() < FIRST_NEW_MINOR)
                .toList();
    }

    static Stream<Arguments> oracles() {
        Set<String> programs = Set.of("four_threads", "sleepers", "recursion", "hashing");
        System.out.println("hashing is left out on 2.7: its GIL starves who starts the threads");
        return pythons().stream()
                .flatMap(
                        python ->
                                Oracle.ALL.stream()
                                        .filter(o -> programs.contains(o.program()))
                                        .filter(
                                                o ->
                                                        python.major() > 2
                                                                || !o.program().equals("hashing"))
                                        .map(oracle -> Arguments.of(python, oracle)));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("oracles")
    void noImpossibleStackIsProved(Python python, Oracle oracle) throws Exception {
        try (LivePython target = oracle.start(python)) {
            Oracle.Found found = oracle.record(target, RATE, MANY);
            System.out.println(python + ", " + oracle + ": " + found.accuracy().summary());
            assertEquals(0, found.impossible(), found.example());
            assertTrue(found.provedPercent() > 90, found.accuracy()::summary);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void threadsHaveTheirNamesAndNativeIds(Python python) throws Exception {
        try (LivePython target = Program.named("four_threads").start(python)) {
            Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ALL, 50);
            Set<String> names = new TreeSet<>();
            Set<Long> ids = new TreeSet<>();
            for (SeenStack stack : recorded.stacks()) {
                names.add(stack.thread().threadName());
                ids.add(stack.thread().nativeThreadId());
            }
            assertEquals(
                    Set.of("MainThread", "compute0", "compute1", "compute2", "compute3"), names);
            assertEquals(5, ids.size());
            assertTrue(ids.contains((long) target.pid()), ids::toString);
        }
    }
}
