package jspy.testing;

import jspy.layout.LayoutCatalog;
import jspy.layout.PythonVersion;

import org.junit.jupiter.api.Assumptions;

import java.util.ArrayList;
import java.util.List;

/**
 * A CPython that live tests want: one of this machine, or a minor version that the machine lacks,
 * which {@link #python} then skips by name.
 *
 * @param found null when there is none of that version
 */
public record Wanted(int minor, Python found) {
    /** The oldest and the newest minor version of Python 3 that jspy promises to record. */
    private static final int FIRST = 8;

    private static final int LAST = 14;

    /** Every CPython found from 3.8 on, and the minor versions up to 3.14 that were not found. */
    public static List<Wanted> all() {
        List<Wanted> wanted = new ArrayList<>();
        for (int minor = FIRST; minor <= Math.max(LAST, newest()); minor++) {
            List<Python> found = found(minor);
            found.forEach(python -> wanted.add(new Wanted(python.minor(), python)));
            if (found.isEmpty() && minor <= LAST) {
                wanted.add(new Wanted(minor, null));
            }
        }
        return wanted;
    }

    /** The newest CPython found of each minor version, and those not found. */
    public static List<Wanted> oneEach() {
        List<Wanted> all = all();
        List<Wanted> wanted = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i + 1 == all.size() || all.get(i + 1).minor() != all.get(i).minor()) {
                wanted.add(all.get(i));
            }
        }
        return wanted;
    }

    /** The interpreter; where there is none the test is skipped and says so. */
    public Python python() {
        if (found == null) {
            String reason =
                    "skipped: no CPython 3."
                            + minor
                            + " on this machine (PATH, pyenv, tools/targets/fetch-python)";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        return found;
    }

    @Override
    public String toString() {
        return found == null ? "CPython 3." + minor + " (not here)" : found.toString();
    }

    // internals

    private static List<Python> found(int minor) {
        return Python.from(minor).stream()
                .filter(python -> python.minor() == minor)
                .filter(Wanted::isKnown)
                .toList();
    }

    private static boolean isKnown(Python python) {
        return LayoutCatalog.isKnown(
                PythonVersion.of(python.major(), python.minor(), python.patch()));
    }

    private static int newest() {
        return Python.from(FIRST).stream().mapToInt(Python::minor).max().orElse(LAST);
    }
}
