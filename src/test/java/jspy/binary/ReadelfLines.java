package jspy.binary;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a file's line tables, each as {@code address file line}, a sequence's end without a
 * line: as readelf prints them, and as jspy reads them.
 */
final class ReadelfLines {
    private ReadelfLines() {}

    static List<String> theirs(Path file) throws IOException, InterruptedException {
        ProcessBuilder command =
                new ProcessBuilder(
                        "readelf",
                        "-W",
                        "--debug-dump=decodedline,no-follow-links",
                        file.toString());
        command.environment().put("LC_ALL", "C.UTF-8");
        Process readelf = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> rows = new ArrayList<>();
        try (BufferedReader out = readelf.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.strip().split("\\s+");
                if (words.length >= 3
                        && words[1].matches("-|[0-9]+")
                        && words[2].matches("0x[0-9a-f]+|0")) {
                    rows.add(
                            row(
                                    Long.parseUnsignedLong(words[2].replace("0x", ""), 16),
                                    words[0],
                                    words[1]));
                }
            }
        }
        readelf.waitFor();
        return rows;
    }

    static List<String> ours(Path file) throws IOException {
        List<String> rows = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            Elf elf = Elf.open(file, arena);
            Bytes lines = bytes(elf, ".debug_line");
            LineUnit.Strings strings =
                    new LineUnit.Strings(bytes(elf, ".debug_line_str"), bytes(elf, ".debug_str"));
            LineTables.forEachUnit(
                    lines,
                    strings,
                    unit ->
                            new LineProgram(unit, new DwarfCursor(lines, 0))
                                    .run(
                                            unit.programAt(),
                                            (address, source, line, isEnd) -> {
                                                String path = unit.pathOrNull(source);
                                                rows.add(
                                                        row(
                                                                address,
                                                                String.valueOf(path),
                                                                isEnd ? "-" : "" + (int) line));
                                                return true;
                                            }));
        }
        return rows;
    }

    // internals

    private static String row(long address, String file, String line) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return "%x %s %s".formatted(address, name, line);
    }

    private static Bytes bytes(Elf elf, String name) throws IOException {
        ElfSection section = elf.section(name).orElse(null);
        return section == null
                ? new Bytes(java.lang.foreign.MemorySegment.ofArray(new byte[0]))
                : new Bytes(elf.uncompressed(section));
    }
}
