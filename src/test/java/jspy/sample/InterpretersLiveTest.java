package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Frame;
import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Recorded;
import jspy.testing.SeenStack;
import jspy.testing.Wanted;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sub-interpreters: those of before 3.12 share one GIL, later ones have their own. */
class InterpretersLiveTest {
    private static final double RATE = 500;
    private static final int MANY = 200;

    /** What {@code run_string} runs has no file. */
    private static final String TEXT = "<string>";

    private static final List<String> OUTER =
            List.of("_bootstrap", "_bootstrap_inner", "run", "work", "enter");

    /** From the thread's first function on; then {@code <module>} of the interpreter's own text. */
    private static final Map<String, Set<List<String>>> INNER =
            Map.of(
                    "computing",
                            Set.of(
                                    List.of("compute"),
                                    List.of("compute", "step"),
                                    List.of("compute", "step", "leaf")),
                    "sleeping", Set.of(List.of("doze")));

    static List<Wanted> pythons() {
        return Wanted.oneEach();
    }

    /**
     * Those with a GIL for each interpreter. 3.9 to 3.11 share one but ask for it in each alone, so
     * that a thread that computes in one is never asked to let those of the others go on.
     */
    static List<Wanted> pythonsWithGilsOfTheirOwn() {
        return pythons().stream().filter(w -> w.minor() >= 12).toList();
    }

    @ParameterizedTest
    @MethodSource("pythonsWithGilsOfTheirOwn")
    void aThreadInAnotherInterpreterIsOneThreadWithBothStacks(Wanted wanted) throws Exception {
        try (LivePython target = Program.named("interpreters").start(wanted.python())) {
            waitUntilAllAreInside(target);
            Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ALL, MANY);
            Map<String, Long> stacks = new TreeMap<>();
            for (SeenStack stack : recorded.stacks()) {
                String name = String.valueOf(stack.thread().threadName());
                if (!stack.isMarked()) {
                    stacks.merge(name, stack.samples(), Long::sum);
                    assertPossible(name, stack);
                }
            }
            System.out.println(
                    wanted + ": " + stacks + " " + recorded.profile().accuracy().summary());
            assertEquals(
                    Set.of("MainThread", "computing", "sleeping", "computing too"),
                    stacks.keySet());
            long samples = recorded.profile().accuracy().samples();
            stacks.values().forEach(count -> assertTrue(count >= samples * 9 / 10));
            assertTrue(recorded.profile().accuracy().provedPercent() > 50);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void interpretersThatComeAndGoAreSeen(Wanted wanted) throws Exception {
        try (LivePython target = Program.named("interpreters").start(wanted.python(), "changing")) {
            Set<String> found = new TreeSet<>();
            Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ALL, 2 * MANY);
            long passing = 0;
            for (SeenStack stack : recorded.stacks()) {
                if (!stack.isMarked() && stack.has("brief")) {
                    List<String> names = names(stack);
                    // up to 3.10 nothing tells for sure on which stack this one stands
                    assertTrue(
                            names.contains("come_and_go") || wanted.minor() < 11, stack::toString);
                    assertEquals("brief", names.getLast(), stack::toString);
                    passing += stack.samples();
                }
                found.addAll(names(stack));
            }
            System.out.println(
                    wanted + ": " + passing + " " + recorded.profile().accuracy().summary());
            assertTrue(passing > 10, found::toString);
        }
    }

    // internals

    private static void waitUntilAllAreInside(LivePython target) throws Exception {
        for (int tries = 0; tries < 100; tries++) {
            StackDump dump =
                    Attachment.to(target.target()).dump(ReadMode.UNPROVED, file -> file, 0);
            long inside =
                    dump.threads().stream()
                            .filter(t -> t.frames().stream().anyMatch(f -> isInner(f)))
                            .count();
            if (inside == 3) {
                return;
            }
            Thread.sleep(100);
        }
    }

    private static boolean isInner(Frame frame) {
        return frame.file().equals(TEXT) && Set.of("compute", "doze").contains(bare(frame));
    }

    private static void assertPossible(String name, SeenStack stack) {
        List<String> names = names(stack);
        if (name.equals("MainThread")) {
            assertEquals(List.of("<module>", "main"), names, stack::toString);
            return;
        }
        assertEquals(OUTER, names.subList(0, OUTER.size()), stack::toString);
        assertEquals("<module>", names.get(OUTER.size()), stack::toString);
        List<String> inner = names.subList(OUTER.size() + 1, names.size());
        assertTrue(INNER.get(name.split(" ")[0]).contains(inner), stack::toString);
    }

    private static List<String> names(SeenStack stack) {
        List<String> names = new ArrayList<>();
        stack.frames().forEach(frame -> names.add(bare(frame)));
        return names;
    }

    private static String bare(Frame frame) {
        return frame.function().substring(frame.function().lastIndexOf('.') + 1);
    }
}
