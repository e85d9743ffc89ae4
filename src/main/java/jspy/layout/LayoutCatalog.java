package jspy.layout;

import jspy.layout.generated.Python27;
import jspy.layout.generated.Python27d;
import jspy.layout.generated.Python310;
import jspy.layout.generated.Python310r;
import jspy.layout.generated.Python311;
import jspy.layout.generated.Python311r;
import jspy.layout.generated.Python312;
import jspy.layout.generated.Python312r;
import jspy.layout.generated.Python313;
import jspy.layout.generated.Python313t;
import jspy.layout.generated.Python314;
import jspy.layout.generated.Python314t;
import jspy.layout.generated.Python315;
import jspy.layout.generated.Python315t;
import jspy.layout.generated.Python33;
import jspy.layout.generated.Python34;
import jspy.layout.generated.Python35;
import jspy.layout.generated.Python36;
import jspy.layout.generated.Python36d;
import jspy.layout.generated.Python37;
import jspy.layout.generated.Python37d;
import jspy.layout.generated.Python37p3;
import jspy.layout.generated.Python38;
import jspy.layout.generated.Python38r;
import jspy.layout.generated.Python39;
import jspy.layout.generated.Python39r;

/**
 * Which layout belongs to which CPython. A minor version has one generated class, written from the
 * newest patch release whose headers could be had; only the class that is asked for is initialised.
 *
 * <p>Up to 3.12 that is enough. From 3.13 on offsets move between patch releases: there {@link
 * #offsets(DebugOffsets)} takes all that the target tells of itself, and the generated layout only
 * for the rest. A minor version that is newer than all gets the newest layout; whoever asks must
 * then prove it on the target.
 */
public final class LayoutCatalog {
    /** The first minor version of 3 that has a {@code _Py_DebugOffsets}. */
    public static final int FIRST_MINOR_WITH_TABLE = 13;

    private static final int LAST_MINOR_THAT_TRACES_IN_DEBUG = 7;
    private static final int LAST_MINOR_THAT_TRACES_IN_OBJECTS = 12;

    /** 3.7.0 to 3.7.3 have a shorter collector before the GIL in the runtime. */
    private static final int LAST_PATCH_OF_OLD_37 = 3;

    private static final int OLDEST_MINOR = 3;
    private static final int NEWEST_MINOR = 15;

    private LayoutCatalog() {}

    /**
     * Whether there is a layout made for this minor version, so that nothing needs to be guessed.
     */
    public static boolean isKnown(PythonVersion version) {
        return version.major() == 2
                ? version.minor() == 7
                : version.major() == 3
                        && version.minor() >= OLDEST_MINOR
                        && version.minor() <= NEWEST_MINOR;
    }

    /** The versions that are known, for messages. */
    public static String supported() {
        return "CPython 2.7 and 3." + OLDEST_MINOR + " to 3." + NEWEST_MINOR;
    }

    /**
     * Asks for a version that can be read without a {@code _Py_DebugOffsets}: nothing is known of a
     * newer one that tells nothing of itself.
     *
     * @throws UnsupportedPythonException when it is another
     */
    public static void requireKnownWithoutTable(PythonVersion version) {
        requireKnown(version);
        if (!isKnown(version)) {
            throw new UnsupportedPythonException(
                    version,
                    ("CPython %s is newer than %s, and has no _Py_DebugOffsets by which jspy could"
                                    + " read it")
                            .formatted(version, supported()));
        }
    }

    /**
     * Offsets as its headers say them, for the nearest patch release that is known.
     *
     * @throws UnsupportedPythonException when the version is older than all that are known
     */
    public static Offsets offsets(PythonVersion version) {
        return Flattener.flatten(table(version));
    }

    /**
     * Offsets as the target says them; what its table lacks is as its minor version's headers say.
     */
    public static Offsets offsets(DebugOffsets target) {
        StructTable table = table(target.version());
        DebugOffsetsOverlay.apply(table, target);
        return Flattener.flatten(table);
    }

    /**
     * Offsets of a build that traces references, in which every object has two more words in front.
     * From 3.13 on it keeps them elsewhere.
     *
     * @throws UnsupportedPythonException when the version is not known, or not in this flavour
     */
    public static Offsets tracingReferences(PythonVersion version) {
        requireKnown(version);
        boolean inObjects =
                version.major() == 2 || version.minor() <= LAST_MINOR_THAT_TRACES_IN_OBJECTS;
        return inObjects ? Flattener.flatten(tracing(version)) : offsets(version);
    }

    /** A fresh table of the version's fields, which the caller may write to. */
    static StructTable table(PythonVersion version) {
        requireKnown(version);
        if (version.freeThreaded()) {
            return freeThreaded(version.minor());
        }
        // From 3.8 on no field that is read lies elsewhere in a debug build; a test holds it so.
        boolean traces = version.major() == 2 || version.minor() <= LAST_MINOR_THAT_TRACES_IN_DEBUG;
        return version.debug() && traces ? tracing(version) : release(version);
    }

    // internals

    private static void requireKnown(PythonVersion version) {
        boolean newer = version.major() == 3 && version.minor() > NEWEST_MINOR;
        boolean possible = !version.freeThreaded() || version.minor() >= FIRST_MINOR_WITH_TABLE;
        if (!possible || (!newer && !isKnown(version))) {
            throw new UnsupportedPythonException(
                    version,
                    ("CPython %s is not supported: jspy knows %s, and newer ones by what they tell"
                                    + " of themselves")
                            .formatted(version, supported()));
        }
    }

    private static StructTable release(PythonVersion version) {
        if (version.major() == 2) {
            return new StructTable(Python27.structs(), Python27.constants());
        }
        return switch (version.minor()) {
            case 3 -> new StructTable(Python33.structs(), Python33.constants());
            case 4 -> new StructTable(Python34.structs(), Python34.constants());
            case 5 -> new StructTable(Python35.structs(), Python35.constants());
            case 6 -> new StructTable(Python36.structs(), Python36.constants());
            case 7 ->
                    version.patch() <= LAST_PATCH_OF_OLD_37
                            ? new StructTable(Python37p3.structs(), Python37p3.constants())
                            : new StructTable(Python37.structs(), Python37.constants());
            case 8 -> new StructTable(Python38.structs(), Python38.constants());
            case 9 -> new StructTable(Python39.structs(), Python39.constants());
            case 10 -> new StructTable(Python310.structs(), Python310.constants());
            case 11 -> new StructTable(Python311.structs(), Python311.constants());
            case 12 -> new StructTable(Python312.structs(), Python312.constants());
            case 13 -> new StructTable(Python313.structs(), Python313.constants());
            case 14 -> new StructTable(Python314.structs(), Python314.constants());
            default -> new StructTable(Python315.structs(), Python315.constants());
        };
    }

    private static StructTable freeThreaded(int minor) {
        return switch (minor) {
            case 13 -> new StructTable(Python313t.structs(), Python313t.constants());
            case 14 -> new StructTable(Python314t.structs(), Python314t.constants());
            default -> new StructTable(Python315t.structs(), Python315t.constants());
        };
    }

    private static StructTable tracing(PythonVersion version) {
        if (version.major() == 2) {
            return new StructTable(Python27d.structs(), Python27d.constants());
        }
        return switch (version.minor()) {
            case 6 -> new StructTable(Python36d.structs(), Python36d.constants());
            case 7 -> new StructTable(Python37d.structs(), Python37d.constants());
            case 8 -> new StructTable(Python38r.structs(), Python38r.constants());
            case 9 -> new StructTable(Python39r.structs(), Python39r.constants());
            case 10 -> new StructTable(Python310r.structs(), Python310r.constants());
            case 11 -> new StructTable(Python311r.structs(), Python311r.constants());
            case 12 -> new StructTable(Python312r.structs(), Python312r.constants());
            default ->
                    throw new UnsupportedPythonException(
                            version,
                            ("CPython %s is known as a release build only: no headers of a debug"
                                            + " build could be had")
                                    .formatted(version));
        };
    }
}
