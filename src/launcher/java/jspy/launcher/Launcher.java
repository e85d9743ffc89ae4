package jspy.launcher;

/** The entry point of the jar, in Java 8 bytecode: hands over to {@code jspy.cli.Main}. */
public final class Launcher {
    private Launcher() {}

    /** Calls the main class by name: it is Java 22 bytecode, this class is not. */
    public static void main(String[] args) throws Exception {
        Class.forName("jspy.cli.Main")
                .getMethod("main", String[].class)
                .invoke(null, (Object) args);
    }
}
