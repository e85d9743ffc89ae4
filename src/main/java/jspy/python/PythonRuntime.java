package jspy.python;

import jspy.layout.Offsets;
import jspy.layout.PythonVersion;

/**
 * The interpreter of a process: which CPython it is and where its lists begin.
 *
 * @param runtimeAddress of {@code _PyRuntime}; 0 before 3.7, which had none
 * @param interpretersHeadAddress of the word that points to the newest {@code PyInterpreterState}
 * @param file the mapped file that holds it, as the target names it
 * @param foundBy how, for people
 * @param debugOffsets whether the offsets come from the target's own {@code _Py_DebugOffsets}
 */
public record PythonRuntime(
        PythonVersion version,
        Offsets offsets,
        long runtimeAddress,
        long interpretersHeadAddress,
        String file,
        String foundBy,
        boolean debugOffsets) {

    public boolean freeThreaded() {
        return version.freeThreaded();
    }
}
