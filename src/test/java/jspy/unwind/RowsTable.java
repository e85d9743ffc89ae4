package jspy.unwind;

import jspy.binary.Elf;
import jspy.binary.ElfHeader;
import jspy.unwind.ReadelfRows.Row;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares files' unwind tables with what readelf prints of their call frame information, row by
 * row: {@code tools/rows [FILE …]}.
 */
final class RowsTable {
    /**
     * @param rows readelf's, where the one before says something else
     * @param differing addresses from which on the two do not say the same
     * @param first the first of them, empty when there is none
     */
    record Compared(int rows, int differing, String first, UnwindTable table) {
        double bytesPerRow() {
            return (double) table.sizeBytes() / table.rows();
        }
    }

    private RowsTable() {}

    public static void main(String[] files) throws Exception {
        System.out.printf(
                "%-44s %-8s %8s %7s %6s %9s%n",
                "rows of", "machine", "rows", "differ", "rules", "bytes/row");
        int rows = 0;
        int differing = 0;
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, Path> one : chosen(files).entrySet()) {
            if (one.getValue() == null) {
                missing.add(one.getKey());
                continue;
            }
            Compared compared = compare(one.getValue());
            System.out.printf(
                    "%-44s %-8s %8d %7d %6d %9.2f  %s%n",
                    one.getValue().getFileName(),
                    machineOf(one.getValue()).name(),
                    compared.rows(),
                    compared.differing(),
                    compared.table().rules(),
                    compared.bytesPerRow(),
                    compared.first());
            rows += compared.rows();
            differing += compared.differing();
        }
        System.out.printf("%-44s %-8s %8d %7d%n", "all", "", rows, differing);
        if (!missing.isEmpty()) {
            System.out.println("not on this machine: " + String.join(", ", missing));
        }
        System.exit(differing == 0 ? 0 : 1);
    }

    static Compared compare(Path file) throws IOException, InterruptedException {
        return compare(file, ReadelfRows.read(file, framePointer(machineOf(file))));
    }

    static Compared compare(Path file, List<Row> theirs) throws IOException {
        Elf elf = Elf.open(file, Arena.ofAuto());
        Machine machine = machine(elf);
        UnwindTable table = UnwindTableBuilder.build(elf, machine, new Expressions());
        Map<Long, String> expected = byStart(theirs);
        Map<Long, String> actual = byStart(TableRows.of(table, machine));
        TreeSet<Long> starts = new TreeSet<>(expected.keySet());
        starts.addAll(actual.keySet());
        String wanted = "";
        String got = "";
        int differing = 0;
        String first = "";
        for (long start : starts) {
            wanted = expected.getOrDefault(start, wanted);
            got = actual.getOrDefault(start, got);
            if (!isSame(got, wanted)) {
                differing++;
                first =
                        first.isEmpty()
                                ? "at %x %s, readelf: %s".formatted(start, got, wanted)
                                : first;
            }
        }
        return new Compared(theirs.size(), differing, first, table);
    }

    static Machine machine(Elf elf) {
        return elf.header().machine() == ElfHeader.MACHINE_AARCH64
                ? Machine.AARCH64
                : Machine.X86_64;
    }

    // internals

    private static Map<String, Path> chosen(String[] files) {
        Map<String, Path> chosen = new LinkedHashMap<>();
        for (String file : files) {
            chosen.put(file, Path.of(file));
        }
        if (files.length == 0) {
            NativeFiles.wanted().forEach(wanted -> chosen.put(wanted.name(), wanted.find()));
        }
        return chosen;
    }

    private static String framePointer(Machine machine) {
        return machine == Machine.X86_64 ? "rbp" : "x29";
    }

    private static Machine machineOf(Path file) throws IOException {
        return machine(Elf.open(file, Arena.ofAuto()));
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
