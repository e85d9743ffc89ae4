package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.binary.Elf;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;

/** Over the libraries of testdata/unwind, which hold every kind of frame that compilers make. */
class UnwindTableTest {
    private static final Path FOLDER = Path.of("testdata", "unwind");

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64"})
    void rowsAreWhatReadelfSaid(String name) throws Exception {
        Path file = FOLDER.resolve("frames-" + name + ".so");
        Path said = FOLDER.resolve("frames-" + name + ".txt");
        String framePointer = name.equals("aarch64") ? "x29" : "rbp";
        List<ReadelfRows.Row> rows = ReadelfRows.readKept(said, framePointer);
        assertTrue(rows.size() > 30, "rows: " + rows.size());
        RowsTable.Compared compared = RowsTable.compare(file, rows);
        assertEquals(0, compared.differing(), compared.first());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x86_64", "aarch64"})
    void singleFunctionsAreFoundBeforeTheTableIsThere(String name) throws Exception {
        Elf elf = Elf.open(FOLDER.resolve("frames-" + name + ".so"), Arena.ofAuto());
        Expressions expressions = new Expressions();
        BinaryRules single = new BinaryRules(elf, expressions);
        UnwindTable table = UnwindTableBuilder.build(elf, RowsTable.machine(elf), expressions);
        long[] found = new long[2];
        for (int row = 0; row < table.rows(); row++) {
            single.find(table.start(row), found, 0);
            assertEquals(table.first(table.number(row)), found[0]);
            assertEquals(table.second(table.number(row)), found[1]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aarch64"})
    void signedReturnAddressesAreKnown(String name) throws Exception {
        Elf elf = Elf.open(FOLDER.resolve("frames-" + name + ".so"), Arena.ofAuto());
        UnwindTable table = UnwindTableBuilder.build(elf, Machine.AARCH64, new Expressions());
        boolean isAnySigned = false;
        for (int number = 0; number < table.rules(); number++) {
            isAnySigned |= Rule.isSigned(table.first(number));
        }
        assertTrue(isAnySigned);
    }
}
