package jspy.binary;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Compares files' line tables with readelf's, row by row, and look-ups with addr2line's: {@code
 * tools/lines FILE …}.
 */
final class LinesTable {
    private static final int LOOK_UPS = 2000;

    record Compared(int rows, int differing, int lookUps, int lookUpsDiffering, String first) {}

    private LinesTable() {}

    public static void main(String[] files) throws Exception {
        System.out.printf(
                "%-40s %9s %7s %8s %7s%n", "lines of", "rows", "differ", "look-ups", "differ");
        for (String file : files) {
            Compared compared = compare(Path.of(file));
            System.out.printf(
                    "%-40s %9d %7d %8d %7d  %s%n",
                    Path.of(file).getFileName(),
                    compared.rows(),
                    compared.differing(),
                    compared.lookUps(),
                    compared.lookUpsDiffering(),
                    compared.first());
        }
    }

    static Compared compare(Path file) throws IOException, InterruptedException {
        List<String> theirs = ReadelfLines.theirs(file);
        List<String> ours = ReadelfLines.ours(file);
        int differing = Math.abs(theirs.size() - ours.size());
        String first = "";
        for (int i = 0; i < Math.min(theirs.size(), ours.size()); i++) {
            if (!theirs.get(i).equals(ours.get(i))) {
                differing++;
                first = first.isEmpty() ? theirs.get(i) + " / " + ours.get(i) : first;
            }
        }
        List<Long> addresses = addresses(ours);
        List<String> looked = addr2line(file, addresses);
        int wrong = 0;
        try (Arena arena = Arena.ofConfined()) {
            LineTables tables = LineTables.of(Elf.open(file, arena)).orElseThrow();
            for (int i = 0; i < addresses.size(); i++) {
                String line = tables.find(addresses.get(i)).map(LinesTable::text).orElse("??:?");
                if (!line.equals(looked.get(i))) {
                    wrong++;
                    String what = "%x %s / %s".formatted(addresses.get(i), looked.get(i), line);
                    first = first.isEmpty() ? what : first;
                }
            }
        }
        return new Compared(theirs.size(), differing, addresses.size(), wrong, first);
    }

    // internals

    private static String text(SourceLine line) {
        String name = line.file().substring(line.file().lastIndexOf('/') + 1);
        return name + ":" + line.line();
    }

    /** Some in the middle of what rows cover; those of sequences that were dropped are near 0. */
    private static List<Long> addresses(List<String> rows) {
        Random random = new Random(1);
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < 20 * LOOK_UPS && addresses.size() < LOOK_UPS && !rows.isEmpty(); i++) {
            String row = rows.get(random.nextInt(rows.size()));
            long address = Long.parseUnsignedLong(row.substring(0, row.indexOf(' ')), 16);
            if (!row.endsWith(" -") && address >= 0x1000) {
                addresses.add(address);
            }
        }
        return addresses;
    }

    private static List<String> addr2line(Path file, List<Long> addresses)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("addr2line", "-e", file.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        Thread writer =
                Thread.startVirtualThread(
                        () -> {
                            try (PrintStream in = new PrintStream(process.getOutputStream())) {
                                addresses.forEach(address -> in.printf("%x%n", address));
                            }
                        });
        List<String> lines = process.inputReader().lines().map(LinesTable::withoutFolder).toList();
        writer.join();
        return lines;
    }

    private static String withoutFolder(String line) {
        String text = line.replaceAll(" \\(discriminator .*", "").replaceAll(":0$|:\\?$", ":?");
        text = text.substring(text.lastIndexOf('/') + 1);
        return text.endsWith(":?") ? "??:?" : text;
    }
}
