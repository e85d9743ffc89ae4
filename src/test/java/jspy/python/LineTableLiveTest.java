package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.Python;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class LineTableLiveTest {
    /** Big modules that every version has, pure Python. */
    private static final List<String> MODULES =
            List.of("argparse", "inspect", "subprocess", "tarfile", "difflib", "pickletools");

    static List<Python> pythons() {
        return Python.all();
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void everyInstructionOfBigModulesHasItsLine(Python python) throws Exception {
        String[] arguments = new String[MODULES.size() + 1];
        arguments[0] = "tools/dump_lines.py";
        for (int i = 0; i < MODULES.size(); i++) {
            arguments[i + 1] = MODULES.get(i);
        }
        Process process = python.command(arguments).start();
        List<String> lines = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor());
        LineDump.Compared compared = LineDump.compare(lines);
        assertTrue(compared.codes() > 500, compared.toString());
        System.out.println(python + ": lines of " + compared);
    }
}
