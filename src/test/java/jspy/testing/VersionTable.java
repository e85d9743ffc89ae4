package jspy.testing;

import jspy.profile.ThreadLog;
import jspy.python.PythonRuntime;
import jspy.sample.Attachment;
import jspy.sample.ThreadFilter;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What tools/versions runs: a program whose stacks are known on every CPython found, and a table of
 * what was seen, with the reason for those that could not be run.
 */
public final class VersionTable {
    private static final double RATE = 200;
    private static final int SAMPLES = 400;
    private static final Oracle ORACLE = new Oracle("four_threads", "", "", "", 0);

    private static final Set<String> NAMES =
            Set.of("MainThread", "compute0", "compute1", "compute2", "compute3");

    private static final String AARCH64 = "aarch64";

    /** Versions and flavours that have a layout, and why none may be there to be run. */
    private static final Map<String, String> NOT_FOUND = new LinkedHashMap<>();

    static {
        String notHere = "none on this machine (PATH, pyenv, tools/targets)";
        String noSource = "neither a binary nor its source could be had";
        NOT_FOUND.put("2.7", notHere);
        for (int minor = 3; minor <= 5; minor++) {
            NOT_FOUND.put("3." + minor, noSource);
        }
        for (int minor = 6; minor <= 15; minor++) {
            NOT_FOUND.put("3." + minor, notHere);
        }
        NOT_FOUND.put("3.13t", "not built here (tools/targets/build-python free-threaded)");
        NOT_FOUND.put("3.13d", "not built here (tools/targets/build-python debug)");
        NOT_FOUND.put(AARCH64, "not fetched here (tools/targets/fetch-aarch64)");
        for (String flavour : List.of("3.14t", "3.15t")) {
            NOT_FOUND.put(flavour, noSource + "; the layout is from headers");
        }
    }

    private VersionTable() {}

    /** Prints the table as Markdown. */
    public static void main(String[] args) throws Exception {
        System.out.println(
                "| CPython | got by | found by | stacks and lines right | threads, names, ids |"
                        + " proved | naive reader |");
        System.out.println("|---|---|---|---|---|---|---|");
        for (Python python : Python.all()) {
            NOT_FOUND.remove(flavour(python));
            System.out.println(row(python, python.version()));
        }
        for (Python python : Python.standalone()) {
            System.out.println(row(python, python.version()));
        }
        for (Python python : Python.emulated()) {
            NOT_FOUND.remove(AARCH64);
            System.out.println(row(python, python.version() + " aarch64"));
        }
        NOT_FOUND.forEach(
                (version, reason) ->
                        System.out.printf("| %s | not run: %s | | | | | |%n", version, reason));
    }

    // internals

    private static String flavour(Python python) {
        return python.major()
                + "."
                + python.minor()
                + (python.isFreeThreaded() ? "t" : "")
                + (python.isDebug() ? "d" : "");
    }

    private static String row(Python python, String title) {
        try (LivePython target = ORACLE.start(python)) {
            PythonRuntime runtime = Attachment.to(target.target()).runtime();
            Set<String> names = new TreeSet<>();
            Set<Long> ids = new TreeSet<>();
            for (ThreadLog thread :
                    Recorded.samples(target, RATE, ThreadFilter.ALL, SAMPLES / 10)
                            .profile()
                            .threads()) {
                names.add(String.valueOf(thread.threadName()));
                ids.add(thread.nativeThreadId());
            }
            Oracle.Found found = ORACLE.record(target, RATE, SAMPLES);
            Oracle.Naive naive = ORACLE.readNaively(target);
            boolean right = found.impossible() == 0;
            return String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %s | %.1f %% of %,d | %s |",
                    title,
                    source(python),
                    runtime.foundBy(),
                    right ? "yes" : "no: " + found.example(),
                    names.equals(NAMES) && ids.size() == NAMES.size()
                            ? "5, yes, yes"
                            : ids.size() + ", " + names,
                    found.provedPercent(),
                    found.accuracy().stacks(),
                    naive.toString().replace("naive ", "tore "));
        } catch (Exception e) {
            return "| %s | %s | failed: %s | | | | |".formatted(title, source(python), e);
        }
    }

    /** How it came to this machine, by where it lies. */
    private static String source(Python python) {
        String path = python.executable().toString();
        if (path.contains("-shared/")) {
            return "`fetch-python` (Maven: shared, stripped)";
        }
        if (path.contains("/standalone/")) {
            return "`fetch-embedded` (python-build-standalone: clang, tail calls, BOLT)";
        }
        if (path.contains("/aarch64/")) {
            return "`fetch-aarch64` (Debian unstable, under qemu-user)";
        }
        if (path.contains("-debian/")) {
            return "`fetch-debian` (unstable: static, stripped, in a root of its own)";
        }
        if (path.contains("-built/")) {
            return "`build-python` (source of Debian stable)";
        }
        return path.contains("/versions/") ? "pyenv (shared)" : "the system's package";
    }
}
