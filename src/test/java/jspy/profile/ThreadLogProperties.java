package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class ThreadLogProperties {
    record Sample(int node, long timeNanos, long weightNanos) {}

    @Property(tries = 300)
    void whatWasAppendedIsRead(@ForAll("samples") List<Sample> samples) {
        ThreadLog log = ThreadLog.timed(1, 2, 3);
        Map<Integer, Long> counts = new HashMap<>();
        for (Sample sample : samples) {
            log.append(sample.node(), sample.timeNanos(), sample.weightNanos());
            counts.merge(sample.node(), 1L, Long::sum);
        }
        SampleLog.Cursor cursor = log.log().orElseThrow().cursor();
        for (Sample sample : samples) {
            assertTrue(cursor.next());
            assertEquals(
                    sample, new Sample(cursor.node(), cursor.timeNanos(), cursor.weightNanos()));
        }
        assertFalse(cursor.next());
        counts.forEach((node, count) -> assertEquals(count, log.counts().samples(node)));
        assertEquals(counts.size(), log.counts().nodes().length);
    }

    /**
     * Steady ones, as they usually are, and any at all; some lists are longer than a chunk of the
     * log.
     */
    @Provide
    Arbitrary<List<Sample>> samples() {
        Arbitrary<Integer> nodes = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        Arbitrary<Sample> any =
                Combinators.combine(nodes, Arbitraries.longs(), Arbitraries.longs())
                        .as(Sample::new);
        Arbitrary<Sample> steady =
                Combinators.combine(
                                nodes,
                                Arbitraries.longs().between(0, 1_000_000_000),
                                Arbitraries.of(0L, 10L, 10_000_000L))
                        .as(Sample::new);
        return Arbitraries.oneOf(any.list().ofMaxSize(100), steady.list().ofMaxSize(9_000));
    }
}
