package jspy.sample;

/** The version of jspy, as the jar's manifest has it. */
public final class Version {
    public static final String NUMBER = number();

    private Version() {}

    // internals

    private static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
