package jspy.cli;

import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;

import java.util.List;

/** The interpreters that the tests of the command line use. */
final class Pythons {
    private Pythons() {}

    /** The newest CPython that is started without a wrapper. */
    static Python any() {
        List<Python> found =
                Python.from(8).stream()
                        .filter(python -> python.minor() <= 14 && !python.isWrapped())
                        .toList();
        if (found.isEmpty()) {
            String reason =
                    "skipped: no CPython 3.8 to 3.14 on this machine (PATH, pyenv,"
                            + " tools/targets/fetch-python)";
            System.out.println(reason);
            Assumptions.abort(reason);
        }
        return found.getLast();
    }

    /** Its program and arguments, for {@code jspy record --}. */
    static String executable() {
        return any().executable().toString();
    }
}
