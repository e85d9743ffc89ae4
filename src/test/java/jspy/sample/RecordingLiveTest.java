package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Frame;
import jspy.profile.ThreadLog;
import jspy.testing.CallGraph;
import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Recorded;
import jspy.testing.SeenStack;
import jspy.testing.Wanted;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a recording of each program of testdata/programs shows, by every CPython of the machine. */
class RecordingLiveTest {
    private static final double RATE = 1000;
    private static final int FEW = 50;
    private static final int MANY = 400;
    private static final int MANY_FUNCTIONS = 100;
    private static final int MOST_RECORDINGS = 5;

    /** Functions that a few hundred samples of a program are sure to meet. */
    private static final Map<String, Set<String>> EXPECTED =
            Map.of(
                    "weave", Set.of("numbers", "doubled", "twice", "drawn", "<genexpr>", "half"),
                    "callbacks", Set.of("key", "square", "capital", "written", "read", "counted"),
                    "recursion", Set.of("fibonacci", "even", "odd"));

    static List<Wanted> pythons() {
        return Wanted.all();
    }

    static Stream<Arguments> programsWithGraphs() {
        return pythons().stream()
                .flatMap(
                        python ->
                                EXPECTED.keySet().stream()
                                        .sorted()
                                        .map(program -> Arguments.of(python, program)));
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aSleepingProgramIsShownOnlyWhenIdleThreadsAreWanted(Wanted wanted) throws Exception {
        Program program = Program.named("sleeping");
        try (LivePython target = program.start(wanted.python())) {
            Thread.sleep(50); // from "ready" into the sleep
            Recorded active = Recorded.samples(target, RATE, ThreadFilter.ACTIVE, FEW);
            assertEquals(List.of(), active.stacks());
            assertTrue(active.profile().accuracy().samples() >= FEW);

            Recorded all = Recorded.samples(target, RATE, ThreadFilter.ALL, FEW);
            List<String> expected =
                    List.of(
                            "<module>:" + program.lineEnding("outer()  # -> outer"),
                            "outer:" + program.lineEnding("inner()  # -> inner"),
                            "inner:" + program.line("sleep"));
            assertEquals(1, all.stacks().size(), () -> all.stacks().toString());
            List<Frame> frames = all.stacks().getFirst().frames();
            assertEquals(expected, frames.stream().map(f -> bare(f) + ":" + f.line()).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aBusyProgramShowsTheLinesItRuns(Wanted wanted) throws Exception {
        Program program = Program.named("busy");
        try (LivePython target = program.start(wanted.python())) {
            Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ACTIVE, MANY);
            int first = program.line("first");
            int last = program.line("last");
            Set<Integer> lines = new TreeSet<>();
            for (SeenStack stack : recorded.stacks()) {
                assertEquals(3, stack.frames().size(), stack::toString);
                assertNull(program.graph().impossible(stack.frames()));
                lines.add(stack.leaf().line());
            }
            assertTrue(lines.contains(last), lines::toString);
            assertTrue(lines.stream().allMatch(line -> first <= line && line <= last));
            assertEquals(target.pid(), recorded.profile().threads().getFirst().nativeThreadId());
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void stacksOfTwoAndTenThousandCallsAreWhole(Wanted wanted) throws Exception {
        Program program = Program.named("deep");
        for (int depth : new int[] {2_000, 10_000}) {
            try (LivePython target = program.start(wanted.python(), Integer.toString(depth))) {
                Recorded recorded = Recorded.samples(target, RATE / 5, ThreadFilter.ALL, FEW);
                long deep = 0;
                System.out.printf(
                        "%s, %,d deep: %s%n",
                        wanted, depth, recorded.profile().accuracy().summary());
                for (SeenStack stack : recorded.stacks()) {
                    if (!stack.isMarked() && stack.has("begin")) {
                        assertNull(program.graph().impossible(stack.frames()));
                        assertEquals(depth + 1, count(stack, "down"));
                        assertEquals("bottom", bare(stack.leaf()));
                        deep += stack.samples();
                    }
                }
                assertTrue(deep >= FEW * 9 / 10, recorded.profile().accuracy()::summary);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void thirtyOneThreadsHaveTheirNamesAndNativeIds(Wanted wanted) throws Exception {
        Program program = Program.named("named_threads");
        try (LivePython target = program.start(wanted.python())) {
            Map<Long, String> expected = new HashMap<>();
            for (String line : target.linesUpTo("end")) {
                String[] parts = line.split(" ");
                byte[] name = HexFormat.of().parseHex(parts[1]);
                expected.put(Long.parseLong(parts[0]), new String(name, StandardCharsets.UTF_8));
            }
            expected.put((long) target.pid(), "MainThread");
            assertEquals(32, expected.size());
            Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ALL, FEW);
            Map<Long, String> found =
                    recorded.profile().threads().stream()
                            .collect(
                                    Collectors.toMap(
                                            ThreadLog::nativeThreadId,
                                            log -> String.valueOf(log.threadName())));
            assertEquals(expected, found);
            for (SeenStack stack : recorded.stacks()) {
                assertNull(program.graph().impossible(stack.frames()));
                boolean main = stack.thread().nativeThreadId() == target.pid();
                assertTrue(stack.has(main ? "main" : "work"), stack::toString);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("programsWithGraphs")
    void generatorsCallbacksAndRecursionShowTheirCallers(Wanted wanted, String name)
            throws Exception {
        Program program = Program.named(name);
        CallGraph graph = program.graph();
        try (LivePython target = program.start(wanted.python())) {
            Recorded recorded = Recorded.samples(target, 2 * RATE, ThreadFilter.ACTIVE, 3 * MANY);
            Set<String> missing = new TreeSet<>(EXPECTED.get(name));
            for (SeenStack stack : recorded.stacks()) {
                if (!stack.isMarked()) {
                    assertNull(graph.impossible(stack.frames()));
                }
                missing.removeIf(stack::has);
            }
            assertEquals(Set.of(), missing, recorded.profile().accuracy()::summary);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void codeMadeByExecAndEvalHasItsMadeUpFile(Wanted wanted) throws Exception {
        Program program = Program.named("dynamic");
        try (LivePython target = program.start(wanted.python())) {
            Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ACTIVE, MANY);
            String file = "<made of <text> & \"more\">";
            List<String> names =
                    List.of(
                            "<module>",
                            "main",
                            "evaluated",
                            "<module>",
                            "<lambda>",
                            "made",
                            "spin");
            long seen = 0;
            for (SeenStack stack : recorded.stacks()) {
                if (!stack.isMarked() && stack.has("spin")) {
                    List<Frame> frames = stack.frames();
                    assertEquals(names, frames.stream().map(RecordingLiveTest::bare).toList());
                    assertEquals("<string>", frames.get(3).file());
                    assertEquals(file, frames.get(5).file());
                    assertEquals(3, frames.get(5).line());
                    assertEquals(file, stack.leaf().file());
                    int line = stack.leaf().line();
                    assertTrue(line >= 5 && line <= 8, stack::toString);
                    seen += stack.samples();
                }
            }
            assertTrue(seen > MANY / 8, recorded.profile().accuracy()::summary);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void functionsThatAreFreedDoNotLendTheirNamesToOthers(Wanted wanted) throws Exception {
        Program program = Program.named("churn");
        Set<Integer> numbers = new TreeSet<>();
        long marked = 0;
        try (LivePython target = program.start(wanted.python())) {
            // where others have the cores a program makes few functions a second
            for (int i = 0; i < MOST_RECORDINGS && numbers.size() <= MANY_FUNCTIONS; i++) {
                Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ACTIVE, 3 * MANY);
                for (SeenStack stack : recorded.stacks()) {
                    marked += stack.isMarked() ? stack.samples() : 0;
                    Set<Integer> ofStack = madeFunctions(stack);
                    assertTrue(ofStack.size() <= 1, stack::toString);
                    numbers.addAll(ofStack);
                }
            }
        }
        System.out.printf(
                "%s: %d functions made and freed, stacks with a mark: %d%n",
                wanted, numbers.size(), marked);
        assertTrue(numbers.size() > MANY_FUNCTIONS, numbers::toString);
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aProgramThatImportsIsRead(Wanted wanted) throws Exception {
        Program program = Program.named("imports");
        try (LivePython target = program.start(wanted.python())) {
            Recorded recorded = Recorded.samples(target, RATE, ThreadFilter.ACTIVE, MANY);
            Map<Boolean, Long> marked =
                    recorded.stacks().stream()
                            .collect(
                                    Collectors.partitioningBy(
                                            SeenStack::isMarked,
                                            Collectors.summingLong(SeenStack::samples)));
            // a module's code is freed once it has run: what came to lie there later is marked
            assertTrue(marked.get(true) * 3 < marked.get(false), marked::toString);
            boolean deep = recorded.stacks().stream().anyMatch(s -> s.has("exec_module"));
            assertTrue(deep, recorded.profile().accuracy()::summary);
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aProgramThatEndsWhileItIsRecordedLeavesAProfile(Wanted wanted) throws Exception {
        Program program = Program.named("busy");
        try (LivePython target = program.start(wanted.python())) {
            Recorded recorded = Recorded.untilKilled(target, RATE, ThreadFilter.ACTIVE, 100);
            assertEquals(Sampler.End.TARGET_ENDED, recorded.end());
            assertFalse(recorded.stacks().isEmpty());
        }
    }

    // internals

    /** The numbers of a stack's functions of churn.py, whose file and lines are by their number. */
    private static Set<Integer> madeFunctions(SeenStack stack) {
        Set<Integer> numbers = new TreeSet<>();
        for (Frame frame : stack.frames()) {
            if (bare(frame).matches("[fg]_\\d+")) {
                int number = Integer.parseInt(bare(frame).substring(2));
                assertEquals("<" + number + ">", frame.file());
                int line = frame.line() - number % 50;
                assertTrue(line >= 1 && line <= 6, frame::toString);
                numbers.add(number);
            }
        }
        return numbers;
    }

    private static String bare(Frame frame) {
        return frame.function().substring(frame.function().lastIndexOf('.') + 1);
    }

    private static long count(SeenStack stack, String function) {
        return stack.frames().stream().filter(frame -> bare(frame).equals(function)).count();
    }
}
