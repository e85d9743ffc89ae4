package jspy.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Frame;
import jspy.profile.LiveProfile.LiveThread;
import jspy.top.Relatives.Relative;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class ModelTest {
    private final Seen seen = new Seen();
    private final Model model = new Model();

    @Test
    void recursionIsCountedOnceASample() {
        seen.stack("main:1", "f:5", "f:5", "f:6").stack("main:1", "f:5", "g:8", "f:5");
        model.apply(seen.take());
        Row f = row(Grain.FUNCTIONS, "f");
        assertEquals(2 * Seen.SAMPLE, f.total());
        assertEquals(2 * Seen.SAMPLE, f.own());
        assertEquals(2 * Seen.SAMPLE, row(Grain.FUNCTIONS, "main").total());
        assertEquals(0, row(Grain.FUNCTIONS, "main").own());
        assertEquals(Seen.SAMPLE, row(Grain.FUNCTIONS, "g").total());
        assertEquals(5, f.frame().line(), "the line under which most was seen");
    }

    @Test
    void linesAreRowsOfTheirOwn() {
        seen.stack("main:1", "f:5").stack("main:1", "f:6").stack("main:2", "f:6");
        model.apply(seen.take());
        List<Row> rows = model.rows(Grain.LINES, null);
        assertEquals(4, rows.size());
        assertEquals(
                2 * Seen.SAMPLE,
                rows.stream().filter(r -> r.frame().line() == 6).findFirst().orElseThrow().own());
    }

    @Test
    void aPeriodHoldsOnlyWhatCameSinceTheLast() {
        seen.stack("f:1").stack("f:1").stack("g:2");
        model.apply(seen.take());
        seen.stack("g:2");
        model.apply(seen.take());
        assertEquals(0, row(Grain.FUNCTIONS, "f").ownPeriod());
        assertEquals(2 * Seen.SAMPLE, row(Grain.FUNCTIONS, "f").own());
        assertEquals(Seen.SAMPLE, row(Grain.FUNCTIONS, "g").ownPeriod());
        assertEquals(Seen.SAMPLE, model.periodNanos(null));
        assertEquals(4 * Seen.SAMPLE, model.sinceStartNanos(null));
        model.apply(seen.take());
        assertEquals(0, row(Grain.FUNCTIONS, "g").ownPeriod(), "an empty period");
    }

    @Test
    void aResetForgetsTheSumsButNotTheProfile() {
        seen.stack("f:1").stack("f:1");
        model.apply(seen.take());
        model.profile().reset();
        seen.stack("f:1");
        model.apply(seen.take());
        assertEquals(Seen.SAMPLE, row(Grain.FUNCTIONS, "f").own());
        assertEquals(Seen.SAMPLE, model.sinceStartNanos(null));
        assertEquals(3, model.threads().getFirst().log().samples());
    }

    @Test
    void sharesOfManyThreadsNeverExceedAHundredPercent() {
        List<Frame> stack = List.of(new Frame("f", "/x/a.py", "a.py", 1));
        IntStream.range(0, 10).forEach(i -> seen.sample(List.of(0, 1, 2), stack));
        model.apply(seen.take());
        Row f = row(Grain.FUNCTIONS, "f");
        assertEquals(30 * Seen.SAMPLE, f.ownPeriod());
        assertEquals(f.ownPeriod(), model.periodNanos(null));
        LiveThread one = model.threads().get(1);
        assertEquals(10 * Seen.SAMPLE, model.rows(Grain.FUNCTIONS, one).getFirst().own());
        assertEquals(10 * Seen.SAMPLE, model.periodNanos(one));
    }

    @Test
    void idleTimeIsPartOfAHundredPercent() {
        seen.stack("f:1").sample(List.of(), List.of()).sample(List.of(), List.of());
        model.apply(seen.take());
        assertEquals(3 * Seen.SAMPLE, model.periodNanos(null));
        assertEquals(Seen.SAMPLE, model.profile().last().gilNanos());
        assertEquals(Seen.SAMPLE, model.profile().last().stackNanos());
    }

    @Test
    void callersAndCalleesAddUpToTheTotal() {
        seen.stack("main:1", "f:5", "f:5", "g:8")
                .stack("main:1", "f:5")
                .stack("other:3", "f:6", "h:9", "f:5", "g:8")
                .stack("f:5")
                .stack("main:1", "g:8");
        model.apply(seen.take());
        Row f = row(Grain.FUNCTIONS, "f");
        Relatives of = Relatives.of(model, Grain.FUNCTIONS, null, f.id());
        assertEquals(f.total(), of.callers().stream().mapToLong(Relative::sinceStart).sum());
        assertEquals(f.total(), of.callees().stream().mapToLong(Relative::period).sum());
        assertEquals(2 * Seen.SAMPLE, relative(of.callers(), row(Grain.FUNCTIONS, "main").id()));
        assertEquals(Seen.SAMPLE, relative(of.callers(), Relatives.NONE));
        assertEquals(2 * Seen.SAMPLE, relative(of.callees(), row(Grain.FUNCTIONS, "g").id()));
        assertEquals(2 * Seen.SAMPLE, relative(of.callees(), Relatives.NONE));
        assertEquals(0, relative(of.callees(), row(Grain.FUNCTIONS, "h").id()));
    }

    @Test
    void aProfileOfItHasTheSamples() {
        seen.stack("f:1", "g:2").stack(1, "f:1");
        model.apply(seen.take());
        var profile = model.profile().profile("1", List.of(), java.time.Instant.EPOCH);
        assertEquals(2, profile.threads().size());
        assertEquals("T1", profile.threads().get(1).threadName());
        assertTrue(profile.stacks().size() == 3);
    }

    // internals

    private Row row(Grain grain, String function) {
        return model.rows(grain, null).stream()
                .filter(row -> row.frame().function().equals(function))
                .findFirst()
                .orElseThrow();
    }

    private static long relative(List<Relative> relatives, int row) {
        return relatives.stream()
                .filter(relative -> relative.row() == row)
                .mapToLong(Relative::sinceStart)
                .sum();
    }
}
