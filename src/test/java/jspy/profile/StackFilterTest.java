package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

final class StackFilterTest {
    private final FrameTable frames = new FrameTable();
    private final StackTrie stacks = new StackTrie();
    private final int module = stack(StackTrie.ROOT, "<module>", "app.py");
    private final int parse = stack(module, "parse", "json/decoder.py");
    private final int render = stack(module, "render", "app.py");
    private final int inner = stack(render, "inner", "template.py");

    @Test
    void withoutPatternsItIsTheProfileItself() {
        Profile profile = profile();
        assertSame(profile, filter(List.of(), List.of(), List.of()).apply(profile));
    }

    @Test
    void threadsAreFoundByNameOrNumber() {
        assertEquals(List.of(4L), samples(filter(List.of("^Main"), List.of(), List.of())));
        assertEquals(List.of(2L), samples(filter(List.of("^102$"), List.of(), List.of())));
        assertEquals(
                List.of(4L, 2L), samples(filter(List.of("Main", "pool"), List.of(), List.of())));
    }

    @Test
    void functionsAreFoundAnywhereInTheStack() {
        assertEquals(List.of(3L, 0L), samples(filter(List.of(), List.of("^render "), List.of())));
        assertEquals(List.of(1L, 2L), samples(filter(List.of(), List.of("json/"), List.of())));
        assertEquals(
                List.of(2L, 0L),
                samples(filter(List.of(), List.of("template.py:1\\)"), List.of())));
    }

    @Test
    void excludedStacksAreLeftOutEvenIfTheyAreWanted() {
        assertEquals(List.of(3L, 0L), samples(filter(List.of(), List.of(), List.of("^parse"))));
        assertEquals(
                List.of(1L, 0L), samples(filter(List.of(), List.of("render"), List.of("inner"))));
    }

    @Test
    void whatIsLeftKeepsItsTimesAndANoteSaysSo() {
        Profile kept = filter(List.of(), List.of("inner"), List.of()).apply(profile());
        ThreadLog main = kept.threads().getFirst();
        SampleLog.Cursor cursor = main.log().orElseThrow().cursor();
        cursor.next();
        assertEquals(30, cursor.timeNanos());
        assertEquals(10, cursor.weightNanos());
        assertEquals(20, main.weightNanos());
        assertEquals(inner, main.counts().nodes()[0]);
        assertEquals("filters kept 2 of 6 stacks: with inner", kept.notes().getLast());
    }

    @Test
    void sumsAreKeptOfThreadsWithoutTimes() {
        ThreadLog log = ThreadLog.countsOnly(1, 2, 3);
        log.append(parse, 10, 10);
        log.append(render, 20, 10);
        ThreadLog kept = log.keeping(node -> node == render);
        assertEquals(1, kept.samples());
        assertEquals(10, kept.weightNanos());
        assertEquals(0, kept.counts().samples(parse));
    }

    // internals

    private List<Long> samples(StackFilter filter) {
        return filter.apply(profile()).threads().stream().map(ThreadLog::samples).toList();
    }

    private static StackFilter filter(
            List<String> threads, List<String> functions, List<String> excluded) {
        return new StackFilter(patterns(threads), patterns(functions), patterns(excluded));
    }

    private static List<Pattern> patterns(List<String> texts) {
        return texts.stream().map(Pattern::compile).toList();
    }

    private int stack(int parent, String function, String file) {
        return stacks.child(parent, frames.intern(new Frame(function, "/srv/" + file, file, 1)));
    }

    private Profile profile() {
        ThreadLog main = ThreadLog.timed(7, 101, 1);
        main.setName("MainThread");
        main.append(parse, 10, 10);
        main.append(render, 20, 10);
        main.append(inner, 30, 10);
        main.append(inner, 40, 10);
        ThreadLog pool = ThreadLog.timed(7, 102, 2);
        pool.setName("pool-1");
        pool.append(parse, 10, 10);
        pool.append(parse, 20, 10);
        return new Profile(
                "0.1.0",
                List.of(new Target(7, "app.py", "3.12.4", "/usr/bin/python3")),
                Instant.EPOCH,
                40,
                frames,
                stacks,
                List.of(main, pool),
                Accuracy.builder().build(),
                List.of(),
                false,
                false);
    }
}
