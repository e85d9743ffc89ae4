package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import jspy.binary.Elf;
import jspy.binary.ElfHeader;
import jspy.unwind.ReadelfRows.Row;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every row of the tables of real files is the one that readelf prints. */
class UnwindTableLiveTest {
    @TestFactory
    Stream<DynamicTest> tableSaysWhatReadelfSays() {
        Assumptions.assumeTrue(NativeFiles.hasReadelf(), "readelf is not on the PATH");
        return NativeFiles.wanted().stream()
                .map(wanted -> DynamicTest.dynamicTest(wanted.name(), () -> compare(wanted)));
    }

    private static void compare(NativeFiles.Wanted wanted) throws Exception {
        Path file = wanted.find();
        Assumptions.assumeTrue(file != null, wanted.name() + " is not on this machine");
        assertRowsAreReadelfs(file);
    }

    private static void assertRowsAreReadelfs(Path file) throws IOException, InterruptedException {
        UnwindTable table =
                assertRowsAre(file, ReadelfRows.read(file, framePointer(machineOf(file))));
        double rowBytes = (double) table.sizeBytes() / table.rows();
        System.out.printf(
                "%s: %d rows, %d rules, %.2f bytes a row%n",
                file.getFileName(), table.rows(), table.rules(), rowBytes);
        assertTrue(rowBytes <= 6, file + ": " + rowBytes);
    }

    static UnwindTable assertRowsAre(Path file, List<Row> theirs) throws IOException {
        Elf elf = Elf.open(file, Arena.ofAuto());
        Machine machine = machine(elf);
        UnwindTable table = UnwindTableBuilder.build(elf, machine, new Expressions());
        List<Row> ours = TableRows.of(table, machine);
        assertTrue(theirs.size() > 1, "readelf says nothing of " + file);
        Map<Long, String> expected = byStart(theirs);
        Map<Long, String> actual = byStart(ours);
        TreeSet<Long> starts = new TreeSet<>(expected.keySet());
        starts.addAll(actual.keySet());
        String wanted = "";
        String got = "";
        for (long start : starts) {
            wanted = expected.getOrDefault(start, wanted);
            got = actual.getOrDefault(start, got);
            if (!isSame(got, wanted)) {
                fail("%s: at %x %s, readelf: %s".formatted(file, start, got, wanted));
            }
        }
        return table;
    }

    static String framePointer(Machine machine) {
        return machine == Machine.X86_64 ? "rbp" : "x29";
    }

    private static Machine machineOf(Path file) throws IOException {
        return machine(Elf.open(file, Arena.ofAuto()));
    }

    static Machine machine(Elf elf) {
        return elf.header().machine() == ElfHeader.MACHINE_AARCH64
                ? Machine.AARCH64
                : Machine.X86_64;
    }

    private static Map<Long, String> byStart(List<Row> rows) {
        Map<Long, String> byStart = new HashMap<>();
        rows.forEach(row -> byStart.put(row.start(), row.text()));
        return byStart;
    }

    /** Where there is no caller the table keeps nothing else. */
    private static boolean isSame(String ours, String theirs) {
        return ours.equals(theirs) || ours.equals("root") && theirs.endsWith(" u");
    }
}
