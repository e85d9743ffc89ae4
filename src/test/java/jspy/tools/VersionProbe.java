package jspy.tools;

/** Stands for jspy in the tests of tools/jspy: prints one word, whatever it is asked. */
public final class VersionProbe {
    private VersionProbe() {}

    public static void main(String[] args) {
        System.out.println("probe-A");
    }
}
