package jspy.demangle;

import jspy.binary.Elf;
import jspy.binary.ElfSymbol;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * Compares all names of binaries with what c++filt and rustfilt make of them: {@code tools/names
 * FILE …}.
 */
final class NamesTable {
    /** So many of those that differ are shown. */
    private static final int SHOWN = Integer.getInteger("jspy.names.shown", 0);

    /**
     * @param equal of {@code symbols} so many are the same
     */
    record Row(int symbols, int equal) {}

    private NamesTable() {}

    public static void main(String[] files) throws Exception {
        System.out.printf("%-52s %8s %8s %8s%n", "mangled names of", "names", "equal", "differ");
        for (String file : files) {
            Path path = Path.of(file);
            List<String> symbols = symbols(path);
            print(path, symbols, "c++filt", "-i");
            List<String> rust = symbols.stream().filter(NamesTable::isRust).toList();
            if (!rust.isEmpty() && ReferenceNames.has("rustfilt")) {
                print(path, rust, "rustfilt");
            }
        }
    }

    /** All mangled names of a file, each once. */
    static List<String> symbols(Path file) throws IOException {
        TreeSet<String> symbols = new TreeSet<>();
        try (Arena arena = Arena.ofConfined()) {
            Elf elf = Elf.open(file, arena);
            for (Iterable<ElfSymbol> table : List.of(elf.symbols(), elf.dynamicSymbols())) {
                table.forEach(symbol -> symbols.add(symbol.name()));
            }
        }
        symbols.removeIf(name -> !name.startsWith("_Z") && !name.startsWith("_R"));
        return List.copyOf(symbols);
    }

    static boolean isRust(String symbol) {
        return symbol.startsWith("_R") || symbol.matches("_ZN.*17h[0-9a-f]{16}E.*");
    }

    static Row compare(List<String> symbols, String... command)
            throws IOException, InterruptedException {
        List<String> theirs = ReferenceNames.of(symbols, command);
        int equal = 0;
        int shown = 0;
        for (int i = 0; i < symbols.size(); i++) {
            String ours = Demangler.demangle(symbols.get(i));
            if (ours.equals(theirs.get(i))) {
                equal++;
            } else if (shown++ < SHOWN) {
                System.out.printf(
                        "  %s%n    jspy: %s%n    %s: %s%n",
                        symbols.get(i), ours, command[0], theirs.get(i));
            }
        }
        return new Row(symbols.size(), equal);
    }

    // internals

    private static void print(Path file, List<String> symbols, String... command)
            throws IOException, InterruptedException {
        Row row = compare(symbols, command);
        System.out.printf(
                "%-52s %8d %8d %8d%n",
                file.getFileName() + ", " + command[0],
                row.symbols(),
                row.equal(),
                row.symbols() - row.equal());
    }
}
