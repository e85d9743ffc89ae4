package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jspy.memory.TargetMemory;
import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

class LocalsLiveTest {
    /** {@code PyFrameObject.f_frame} behind the header, 3.11 on. Include/internal/pycore_frame.h */
    private static final int F_FRAME = 8;

    static List<Python> pythons() {
        return Python.from(6);
    }

    static List<Python> pythonsOfBothMachines() {
        return Stream.concat(Python.from(6).stream(), Python.emulated().stream()).toList();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythonsOfBothMachines")
    void valuesAreAsPythonWritesThem(Python python) throws Exception {
        Map<String, Local> locals = locals(python, 128);
        assertText(locals, "arg1", "\"bar\"");
        assertText(locals, "arg2", "3");
        assertText(locals, "args", "(4, 5)");
        assertText(locals, "kwargs", "{\"key\": \"value\"}");
        for (String argument : List.of("arg1", "arg2", "args", "kwargs")) {
            assertTrue(locals.get(argument).isArgument(), argument);
        }
        assertText(locals, "small", "7");
        assertText(locals, "negative", "-12345678901234567890");
        assertText(locals, "big", "1606938044258990275541962092341162602522202993782792835301376");
        assertText(locals, "huge", "<int of 40001 bits>");
        assertText(locals, "yes", "True");
        assertText(locals, "no", "False");
        assertText(locals, "nothing", "None");
        assertText(locals, "pi", "3.14159");
        assertText(locals, "tiny", "1e-07");
        assertText(locals, "large", "1e+16");
        assertText(locals, "whole", "100.0");
        assertText(locals, "infinite", "-inf");
        assertText(locals, "text", "\"it's \\\"quoted\\\"\\n\\t\\\\\"");
        assertText(locals, "unicode_text", "\"zwölf 日本 \uD83D\uDC0D \\u202e\"");
        assertText(locals, "long_text", "\"" + "x".repeat(127) + "...");
        assertText(locals, "data", "b\"ab\\x00\\xff\\\"\"");
        assertText(locals, "empty", "()");
        assertText(locals, "one", "(1,)");
        assertText(locals, "pair", "(1, \"two\")");
        assertText(locals, "mapping", "{\"a\": 1, 2: [3]}");
        assertText(locals, "nested", "{\"d\": {\"e\": {}}}");
        assertText(locals, "sub", "Sub({\"k\": \"v\"})");
        assertText(locals, "single", "{42}");
        assertText(locals, "nothing_set", "set()");
        assertText(locals, "frozen", "frozenset({1})");
        assertText(locals, "named", "Named(1, 2)");
        assertText(locals, "error", "ValueError(\"bad\", 3)");
        assertText(locals, "kind", "<class 'Plain'>");
        assertText(locals, "module", "<module \"sys\">");
        assertText(locals, "shared", "5");
        assertMatches(locals, "items", "\\[1, \\[2, \\[3, \\[4, <list at 0x[0-9a-f]+>]]]]");
        assertMatches(locals, "loop", "\\[\\[\\[\\[<list at 0x[0-9a-f]+>]]]]");
        assertMatches(locals, "plain", "Plain\\(x=1, y=<Plain at 0x[0-9a-f]+>\\)");
        assertMatches(locals, "grown", "Plain\\(x=\"a\", y=None, z0=0, z1=1, .*\\.\\.\\.");
        assertMatches(locals, "slots", "<Slots at 0x[0-9a-f]+>");
        assertMatches(locals, "inner", "<function at 0x[0-9a-f]+>");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void moreCanBeAskedFor(Python python) throws Exception {
        assertText(locals(python, 256), "long_text", "\"" + "x".repeat(255) + "...");
        assertText(locals(python, 2000), "long_text", "\"" + "x".repeat(1000) + "\"");
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void numbersAndArraysOfNumpyAreShown(Python python) throws Exception {
        int status =
                python.command("-c", "try:\n import numpy\nexcept Exception:\n exit(3)")
                        .start()
                        .waitFor();
        assumeTrue(status == 0, python + " has no numpy");
        Map<String, Local> locals = locals(python, "numpy_values.py", 128);
        assertText(locals, "half", "0.5");
        assertText(locals, "single", "0.1");
        assertText(locals, "small", "1.5");
        assertText(locals, "true", "True");
        assertText(locals, "negative", "-3");
        assertText(locals, "number", "-1099511627776");
        assertText(locals, "unsigned", "18446744073709551615");
        assertText(locals, "matrix", "ndarray(shape=(3, 4), dtype=int16)");
        assertText(locals, "vector", "ndarray(shape=(5,), dtype=float64)");
        assertText(locals, "scalar_array", "ndarray(shape=(), dtype=float64)");
    }

    // internals

    private static Map<String, Local> locals(Python python, int maxChars) throws Exception {
        return locals(python, "values.py", maxChars);
    }

    private static Map<String, Local> locals(Python python, String program, int maxChars)
            throws Exception {
        try (LivePython target =
                LivePython.starting(python.command("testdata/programs/" + program))) {
            String[] said = target.line().split(" ");
            TargetMemory memory = target.memory();
            PythonRuntime runtime = new RuntimeFinder(target.target(), memory).find();
            long frame = Long.parseLong(said[0]);
            if (runtime.version().atLeast(3, 11)) {
                frame =
                        new Peek(memory)
                                .pointer(
                                        frame + runtime.offsets().objects().headerSize() + F_FRAME);
            }
            Map<String, Local> locals = new HashMap<>();
            for (Local local :
                    new Locals(memory, runtime, maxChars).of(frame, Long.parseLong(said[1]))) {
                locals.put(local.name(), local);
            }
            return locals;
        }
    }

    private static void assertText(Map<String, Local> locals, String name, String expected) {
        assertTrue(locals.containsKey(name), () -> name + " is not among " + locals.keySet());
        assertEquals(expected, locals.get(name).text(), name);
    }

    private static void assertMatches(Map<String, Local> locals, String name, String pattern) {
        assertTrue(locals.containsKey(name), () -> name + " is not among " + locals.keySet());
        assertTrue(locals.get(name).text().matches(pattern), () -> locals.get(name).toString());
    }
}
