package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.PythonVersion;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

class LineTableTest {
    static List<Path> dumps() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("testdata/lines"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void everyInstructionHasTheLineThatItsInterpreterGaveIt(Path dump) throws IOException {
        LineDump.Compared compared = LineDump.compare(Files.readAllLines(dump));
        assertTrue(compared.codes() >= 9, compared.toString());
        assertTrue(compared.instructions() >= 150, compared.toString());
    }

    @Test
    void aTableThatWasCutKnowsNothingBehindTheCut() {
        byte[] beginning = {4, 1, 4, 1};
        LineTable cut = LineTable.of(PythonVersion.of(3, 8, 18), beginning, 10, false);
        assertEquals(11, cut.lineAt(6));
        assertEquals(LineTable.NO_LINE, cut.lineAt(8));
        LineTable whole = LineTable.of(PythonVersion.of(3, 8, 18), beginning, 10, true);
        assertEquals(12, whole.lineAt(1000));
        assertEquals(
                LineTable.NO_LINE,
                LineTable.of(PythonVersion.of(3, 10, 0), beginning, 10, true).lineAt(8));
    }

    @Test
    void codeWithoutALineHasTheOneBeforeIt() {
        byte[] table = {2, -128, 4, 3, 2, -128, 2, 0};
        LineTable lines = LineTable.of(PythonVersion.of(3, 10, 13), table, 5, true);
        assertEquals(8, lines.lineAt(0));
        assertEquals(8, lines.lineAt(6));
        assertEquals(8, lines.lineAt(8));
        assertEquals(5, lines.lineAt(-2));
    }
}
