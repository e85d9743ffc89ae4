package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jspy.layout.PythonVersion;

import java.util.HexFormat;
import java.util.List;

/**
 * Compares line tables with what {@code tools/dump_lines.py} printed: what an interpreter itself
 * says.
 */
final class LineDump {
    private LineDump() {}

    /** How much was compared, so that a test cannot pass on nothing. */
    record Compared(int codes, int instructions) {}

    static Compared compare(List<String> lines) {
        String[] numbers = lines.getFirst().split("[ .]");
        PythonVersion version =
                PythonVersion.of(
                        Integer.parseInt(numbers[1]),
                        Integer.parseInt(numbers[2]),
                        Integer.parseInt(numbers[3]));
        int codes = 0;
        int instructions = 0;
        int at = 1;
        while (at < lines.size()) {
            String[] code = lines.get(at++).split(" ", 5);
            int end = at;
            while (end < lines.size() && !lines.get(end).startsWith("code ")) {
                end++;
            }
            instructions += compare(version, code, lines.subList(at, end));
            codes++;
            at = end;
        }
        return new Compared(codes, instructions);
    }

    // internals

    private static int compare(PythonVersion version, String[] code, List<String> rows) {
        int firstLine = Integer.parseInt(code[1]);
        int size = Integer.parseInt(code[2]);
        byte[] bytes = code[3].equals("-") ? new byte[0] : HexFormat.of().parseHex(code[3]);
        LineTable table = LineTable.of(version, bytes, firstLine, true);
        int[] expected = usefulLines(rows, firstLine);
        int step = version.atLeast(3, 6) ? 2 : 1;
        int compared = 0;
        for (int row = 0; row < rows.size(); row++) {
            String[] fields = rows.get(row).split(" ");
            int from = Integer.parseInt(fields[0]);
            int to =
                    row + 1 < rows.size()
                            ? Integer.parseInt(rows.get(row + 1).split(" ")[0])
                            : size;
            for (int offset = from; offset < to; offset += step) {
                String where = version + " " + code[4] + ":" + firstLine + " offset " + offset;
                assertEquals(expected[row], table.lineAt(offset), where);
                if (fields.length == 5 && number(fields[1]) > 0) {
                    Position position =
                            new Position(
                                    number(fields[1]),
                                    number(fields[2]),
                                    number(fields[3]),
                                    number(fields[4]));
                    assertEquals(position, table.positionAt(offset), where);
                }
                compared++;
            }
        }
        assertEquals(firstLine, table.lineAt(-2), "before the first instruction");
        return compared;
    }

    /** None and 0 are the line before them, or the first one after. */
    private static int[] usefulLines(List<String> rows, int firstLine) {
        int[] lines = new int[rows.size()];
        int last = 0;
        for (int i = 0; i < lines.length; i++) {
            int line = number(rows.get(i).split(" ")[1]);
            last = line > 0 ? line : last;
            lines[i] = last;
        }
        int next = firstLine;
        for (int i = lines.length - 1; i >= 0; i--) {
            next = lines[i] > 0 ? lines[i] : next;
            lines[i] = next;
        }
        return lines;
    }

    private static int number(String field) {
        return field.equals("-") ? Position.UNKNOWN : Integer.parseInt(field);
    }
}
