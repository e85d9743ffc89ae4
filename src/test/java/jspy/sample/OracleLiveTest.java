package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Oracle;
import jspy.testing.Python;
import jspy.testing.Wanted;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * No proved stack is one that the program cannot have, while a naive reader of the same run finds
 * such stacks. The samples that each oracle needs are shared out among the CPythons of the machine;
 * {@code -Djspy.oracle=full} takes as many with each.
 */
class OracleLiveTest {
    private static final int PROVED_SAMPLES = 20_000;
    private static final double RATE = 3000;

    /** Where a share is known: samples that lie closer tell less of it than their number says. */
    private static final double SHARE_RATE = 1000;

    private static final double MIN_PROVED_PERCENT = 99;

    /** By how much a share may miss the truth, in percentage points. */
    private static final double SHARE_TOLERANCE = 2;

    /** A share of few samples may miss it by chance: so many standard deviations. */
    private static final double SHARE_DEVIATIONS = 3.3;

    private static final boolean FULL = "full".equals(System.getProperty("jspy.oracle"));

    /** What all versions together found in an oracle. */
    private static final class Total {
        long proved;
        double withShare;
        double shareStacks;
    }

    private static final Map<String, Total> TOTALS = new TreeMap<>();
    private static int ran;

    static Stream<Arguments> oracles() {
        List<Wanted> wanted = Wanted.oneEach();
        return Oracle.ALL.stream()
                .flatMap(oracle -> wanted.stream().map(python -> Arguments.of(oracle, python)));
    }

    @ParameterizedTest
    @MethodSource("oracles")
    void provedStacksAreAllPossibleWhereTheNaiveReaderTears(Oracle oracle, Wanted wanted)
            throws Exception {
        Python python = wanted.python();
        double rate = oracle.share() == 0 ? RATE : SHARE_RATE;
        try (LivePython target = oracle.start(python)) {
            Oracle.Found found = oracle.record(target, rate, samplesEach());
            Oracle.Naive naive = oracle.readNaively(target);
            System.out.printf(
                    "%s, %s: %s; impossible: %d; %s%s%n",
                    python,
                    oracle,
                    found.accuracy().summary(),
                    found.impossible(),
                    oracle.share() == 0
                            ? ""
                            : String.format(Locale.ROOT, "share %.1f %%; ", found.share()),
                    naive);
            assertEquals(0, found.impossible(), found::example);
            assertTrue(
                    found.provedPercent() >= MIN_PROVED_PERCENT,
                    () -> "proved: " + found.accuracy().summary());
            assertTrue(
                    found.accuracy().truncated() * 100 <= found.accuracy().stacks(),
                    () -> "truncated: " + found.accuracy().summary());
            if (oracle.share() != 0) {
                double deviation = 50 / Math.sqrt(found.shareStacks());
                assertEquals(
                        oracle.share(),
                        found.share(),
                        SHARE_TOLERANCE + SHARE_DEVIATIONS * deviation);
            }
            if (naive.notTried() == null) {
                assertTrue(
                        naive.impossible() > 0,
                        () -> "vacuous here: " + naive + ", it did not tear");
            }
            count(oracle, found);
        }
    }

    @AfterAll
    static void togetherTheyAreEnough() {
        long wanted = oracles().filter(each -> ((Wanted) each.get()[1]).found() != null).count();
        if (ran < wanted) {
            return; // some were not asked for, or have failed by themselves
        }
        TOTALS.forEach(
                (oracle, total) -> {
                    System.out.printf(
                            Locale.ROOT,
                            "%s: %,d proved samples in all%s%n",
                            oracle,
                            total.proved,
                            total.shareStacks == 0
                                    ? ""
                                    : String.format(
                                            Locale.ROOT,
                                            ", share %.2f %%",
                                            100 * total.withShare / total.shareStacks));
                });
        for (Oracle oracle : Oracle.ALL) {
            Total total = TOTALS.get(oracle.toString());
            assertTrue(total != null && total.proved >= PROVED_SAMPLES, oracle::toString);
            if (oracle.share() != 0) {
                double share = 100 * total.withShare / total.shareStacks;
                assertEquals(oracle.share(), share, SHARE_TOLERANCE, oracle::toString);
            }
        }
    }

    // internals

    /** A fiftieth more than needed: up to a hundredth need not be proved. */
    private static int samplesEach() {
        long here = Wanted.oneEach().stream().filter(wanted -> wanted.found() != null).count();
        int all = PROVED_SAMPLES + PROVED_SAMPLES / 50;
        return FULL ? all : (int) (all / here + 1);
    }

    private static synchronized void count(Oracle oracle, Oracle.Found found) {
        ran++;
        Total total = TOTALS.computeIfAbsent(oracle.toString(), unused -> new Total());
        total.proved += found.proved();
        if (oracle.share() != 0) {
            total.withShare += found.share() / 100 * found.shareStacks();
            total.shareStacks += found.shareStacks();
        }
    }
}
