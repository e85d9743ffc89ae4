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
 * @param gil where its GIL is
 */
public record PythonRuntime(
        PythonVersion version,
        Offsets offsets,
        long runtimeAddress,
        long interpretersHeadAddress,
        String file,
        String foundBy,
        boolean debugOffsets,
        GilPlace gil) {

    /** A runtime whose GIL is where its layout says. */
    public PythonRuntime(
            PythonVersion version,
            Offsets offsets,
            long runtimeAddress,
            long interpretersHeadAddress,
            String file,
            String foundBy,
            boolean debugOffsets) {
        this(
                version,
                offsets,
                runtimeAddress,
                interpretersHeadAddress,
                file,
                foundBy,
                debugOffsets,
                GilPlace.of(offsets, runtimeAddress));
    }

    /** {@code f_lasti} counts bytes, in 3.10 units of two; from 3.11 on there is a pointer. */
    public int instructionUnits() {
        boolean index = offsets.code().codeAdaptive() == Offsets.ABSENT;
        return index && version.atLeast(3, 10) ? 2 : 1;
    }

    public boolean freeThreaded() {
        return version.freeThreaded();
    }
}
