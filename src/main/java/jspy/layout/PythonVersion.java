package jspy.layout;

/**
 * Which CPython a process runs, as far as layouts depend on it.
 *
 * @param releaseLevel 0xA alpha, 0xB beta, 0xC candidate, 0xF final, as in {@code PY_VERSION_HEX}
 */
public record PythonVersion(
        int major,
        int minor,
        int patch,
        int releaseLevel,
        int serial,
        boolean freeThreaded,
        boolean debug)
        implements Comparable<PythonVersion> {

    /** A final release with a GIL. */
    public static PythonVersion of(int major, int minor, int patch) {
        return new PythonVersion(major, minor, patch, 0xF, 0, false, false);
    }

    /** From {@code Py_Version} or the version word of {@code _Py_DebugOffsets}. */
    public static PythonVersion fromHex(long hex, boolean freeThreaded, boolean debug) {
        return new PythonVersion(
                (int) (hex >>> 24) & 0xFF,
                (int) (hex >>> 16) & 0xFF,
                (int) (hex >>> 8) & 0xFF,
                (int) (hex >>> 4) & 0xF,
                (int) hex & 0xF,
                freeThreaded,
                debug);
    }

    /** The same version, built {@code --with-pydebug}. */
    public PythonVersion asDebugBuild() {
        return new PythonVersion(major, minor, patch, releaseLevel, serial, freeThreaded, true);
    }

    /** {@code PY_VERSION_HEX}. */
    public int hex() {
        return major << 24 | minor << 16 | patch << 8 | releaseLevel << 4 | serial;
    }

    public boolean atLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || (major == otherMajor && minor >= otherMinor);
    }

    @Override
    public int compareTo(PythonVersion other) {
        int byMajor = Integer.compare(major, other.major);
        int byMinor = Integer.compare(minor, other.minor);
        return byMajor != 0
                ? byMajor
                : byMinor != 0 ? byMinor : Integer.compare(patch, other.patch);
    }

    /** {@code 3.13.0}, {@code 3.15.0rc1}, {@code 3.13.5t}, {@code 3.12.1d}. */
    @Override
    public String toString() {
        String level =
                switch (releaseLevel) {
                    case 0xA -> "a" + serial;
                    case 0xB -> "b" + serial;
                    case 0xC -> "rc" + serial;
                    default -> "";
                };
        return major
                + "."
                + minor
                + "."
                + patch
                + level
                + (freeThreaded ? "t" : "")
                + (debug ? "d" : "");
    }
}
