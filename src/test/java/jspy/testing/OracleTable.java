package jspy.testing;

import java.util.List;
import java.util.Locale;

/** What tools/oracle runs: every oracle on every CPython found, and a table of what was seen. */
public final class OracleTable {
    private static final double FULL_RATE = 1000;

    private OracleTable() {}

    /**
     * Prints the table as Markdown.
     *
     * @param args rate in Hz, samples for each program and version, then versions (none: all) and
     *     names of programs (none: all)
     */
    public static void main(String[] args) throws Exception {
        double rate = args.length > 0 ? Double.parseDouble(args[0]) : FULL_RATE;
        int samples = args.length > 1 ? Integer.parseInt(args[1]) : 5000;
        List<String> wanted = List.of(args).subList(Math.min(2, args.length), args.length);
        System.out.println(
                "| CPython | program | samples | stacks | proved | agreed | torn | truncated |"
                        + " impossible | share | naive reader |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (Python python : Python.from(8)) {
            for (Oracle oracle : Oracle.ALL) {
                if (isWanted(wanted, python, oracle)) {
                    print(python, oracle, rate, samples);
                }
            }
        }
    }

    // internals

    private static boolean isWanted(List<String> wanted, Python python, Oracle oracle) {
        List<String> versions = wanted.stream().filter(w -> w.matches("3\\..*")).toList();
        List<String> programs = wanted.stream().filter(w -> !w.matches("3\\..*")).toList();
        return (versions.isEmpty()
                        || versions.stream().anyMatch(v -> isVersion(python.version(), v)))
                && (programs.isEmpty()
                        || programs.stream().anyMatch(p -> oracle.toString().startsWith(p)));
    }

    private static boolean isVersion(String version, String wanted) {
        return version.equals(wanted) || version.startsWith(wanted + ".");
    }

    private static void print(Python python, Oracle oracle, double rate, int samples)
            throws Exception {
        try (LivePython target = oracle.start(python)) {
            Oracle.Found found = oracle.record(target, rate, samples);
            Oracle.Naive naive = oracle.readNaively(target);
            String share = oracle.share() == 0 ? "" : String.format("%.1f %%", found.share());
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %,d | %,d | %.2f %% | %d | %d | %d | %d | %s | %s |%n",
                    python.version(),
                    oracle,
                    found.accuracy().samples(),
                    found.accuracy().stacks(),
                    found.provedPercent(),
                    found.accuracy().agreed(),
                    found.accuracy().torn(),
                    found.accuracy().truncated(),
                    found.impossible(),
                    share,
                    naive);
            if (found.example() != null) {
                System.out.println("impossible: " + found.example());
            }
            if (naive.example() != null && System.getProperty("jspy.oracle.examples") != null) {
                System.out.println("naive: " + naive.example());
            }
        }
    }
}
