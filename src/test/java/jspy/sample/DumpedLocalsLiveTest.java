package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jspy.python.Local;
import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Variables of threads that run: what is said to be of one moment is. */
class DumpedLocalsLiveTest {
    private static final int DUMPS = 30;

    static List<Python> pythons() {
        return Python.from(8).stream().filter(p -> p.minor() <= 14).toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void variablesOfRunningThreadsBelongTogether(Python python) throws Exception {
        try (LivePython target = Program.named("locals_moving").start(python)) {
            Attachment attachment = Attachment.to(target.target());
            assumeTrue(!attachment.runtime().freeThreaded(), "no GIL: not proved at once");
            assumeTrue(attachment.proof().isAvailable(), attachment.proof().describe());
            int proved = 0;
            for (int i = 0; i < DUMPS; i++) {
                StackDump dump = attachment.dump(ReadMode.OWN_CORE, UnaryOperator.identity(), 128);
                if (dump.proved() && dump.localsProved()) {
                    proved++;
                    dump.threads().forEach(DumpedLocalsLiveTest::check);
                }
            }
            System.out.printf("%s: %d of %d dumps proved%n", python, proved, DUMPS);
            assertTrue(proved >= DUMPS / 2, proved + " of " + DUMPS + " are proved");
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void withoutTheOptionThereAreNone(Python python) throws Exception {
        try (LivePython target = Program.named("locals_moving").start(python)) {
            StackDump dump =
                    Attachment.to(target.target())
                            .dump(ReadMode.OWN_CORE, UnaryOperator.identity(), 0);
            assertTrue(dump.localsProved());
            dump.threads().forEach(thread -> assertEquals(List.of(), thread.locals()));
        }
    }

    // internals

    private static void check(StackDump.ThreadDump thread) {
        assertEquals(thread.frames().size(), thread.locals().size());
        for (int i = 0; i < thread.frames().size(); i++) {
            if (thread.frames().get(i).function().equals("move")) {
                check(thread.locals().get(i));
            }
        }
    }

    private static void check(List<Local> variables) {
        Map<String, Local> byName = new HashMap<>();
        variables.forEach(local -> byName.put(local.name(), local));
        assertTrue(byName.get("start").isArgument());
        long a = Long.parseLong(byName.get("a").text());
        long b = Long.parseLong(byName.get("b").text());
        assertTrue(a == b || a == b + 1, () -> byName.toString());
        String[] pair = byName.get("pair").text().replaceAll("[()]", "").split(", ");
        assertEquals(pair[0], pair[1], () -> byName.toString());
        long both = Long.parseLong(pair[0]);
        assertTrue(both == b || both == b - 1, () -> byName.toString());
    }
}
