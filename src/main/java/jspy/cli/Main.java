package jspy.cli;

/** The command line of jspy: {@code java -jar jspy.jar COMMAND …}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the virtual machine with its exit code. */
    public static void main(String[] args) {
        if (args.length == 1 && args[0].equals("--version")) {
            System.out.println("jspy " + version());
            return;
        }
        System.err.println("jspy: no such command; try --version");
        System.exit(2);
    }

    // internals

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }
}
