package jspy.unwind;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code readelf --debug-dump=frames-interp} prints of a file, as one list of rows in the
 * order of addresses: from this address on the CFA, the caller's frame pointer and its program
 * counter are there. What no function covers is an empty row.
 */
final class ReadelfRows {
    record Row(long start, String text) {}

    private record Span(long start, long end, List<Row> rows) {}

    private final String framePointer;
    private final Map<String, List<Row>> commons = new HashMap<>();
    private final TreeMap<Long, Span> spans = new TreeMap<>();
    private String[] columns = {};
    private List<Row> current = new ArrayList<>();

    private ReadelfRows(String framePointer) {
        this.framePointer = framePointer;
    }

    static List<Row> read(Path file, String framePointer) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        "readelf", "--wide", "--debug-dump=frames-interp", file.toString());
        builder.environment().put("LC_ALL", "C");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        ReadelfRows rows = new ReadelfRows(framePointer);
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                rows.line(line);
            }
        }
        process.waitFor();
        return rows.flat();
    }

    /** What it printed once. */
    static List<Row> readKept(Path output, String framePointer) throws IOException {
        ReadelfRows rows = new ReadelfRows(framePointer);
        for (String line : java.nio.file.Files.readAllLines(output)) {
            rows.line(line);
        }
        return rows.flat();
    }

    // internals

    private void line(String line) {
        if (line.isBlank()) {
            return;
        }
        // "r9 (rbp)": the name in parentheses
        String[] words =
                line.replaceAll("\\br[0-9]+ \\(([a-z0-9]+)\\)", "$1").strip().split("\\s+");
        if (words[0].equals("LOC")) {
            columns = words;
        } else if (words.length > 4 && words[3].equals("CIE")) {
            current = new ArrayList<>();
            commons.put(words[0], current);
        } else if (words.length > 4 && words[3].equals("FDE")) {
            String[] range = words[5].substring("pc=".length()).split("\\.\\.");
            long start = Long.parseUnsignedLong(range[0], 16);
            long end = Long.parseUnsignedLong(range[1], 16);
            current = new ArrayList<>();
            for (Row initial : commons.get(words[4].substring("cie=".length()))) {
                current.add(new Row(start, initial.text()));
            }
            if (end > start) {
                spans.put(start, new Span(start, end, current));
            }
        } else if (words[0].matches("[0-9a-f]{16}")) {
            add(words);
        }
    }

    private void add(String[] words) {
        long start = Long.parseUnsignedLong(words[0], 16);
        String frame = column(words, framePointer);
        String returnAddress = column(words, "ra");
        if (!current.isEmpty() && current.getLast().start() == start) {
            current.removeLast();
        }
        current.add(new Row(start, text(words[1], frame, returnAddress)));
    }

    private String column(String[] words, String name) {
        for (int i = 2; i < columns.length; i++) {
            if (columns[i].equals(name)) {
                return words[i];
            }
        }
        return "u";
    }

    /** What cannot be told apart in readelf's output is not told apart here: no caller, "u". */
    static String text(String cfa, String frame, String returnAddress) {
        return "%s %s %s".formatted(cfa, same(frame), same(returnAddress));
    }

    private static String same(String rule) {
        return rule.equals("s") ? "u" : rule;
    }

    private List<Row> flat() {
        List<Row> flat = new ArrayList<>();
        long covered = 0;
        for (Span span : spans.values()) {
            if (span.start() > covered) {
                append(flat, new Row(covered, ""));
            }
            for (Row row : span.rows()) {
                append(flat, row);
            }
            covered = span.end();
        }
        append(flat, new Row(covered, ""));
        return flat;
    }

    static void append(List<Row> rows, Row row) {
        if (rows.isEmpty() || !rows.getLast().text().equals(row.text())) {
            rows.add(row);
        }
    }
}
