package jspy.launcher;

import java.lang.reflect.InvocationTargetException;

/**
 * The entry point of the jar, in Java 8 bytecode: {@code java -jar jspy.jar} works under any Java.
 *
 * <p>Under Java 22 or newer it calls {@code jspy.cli.Main} in this very process, once that has the
 * flags it should have (see {@link Restart}). Under an older one it looks for a newer one and hands
 * over to it (see {@link Handover}), or says how to get one and ends with exit code 1.
 */
public final class Launcher {
    /** The foreign function API is final since this release. */
    static final int NEEDED = 22;

    /** Which class to start; set by the tests of this package. */
    static final String MAIN_PROPERTY = "jspy.launcher.main";

    /** Hands over whatever Java this is; set by the tests of this package. */
    static final String ALWAYS_PROPERTY = "jspy.launcher.always";

    private static final String MAIN = "jspy.cli.Main";

    private Launcher() {}

    /** Starts jspy with these arguments, here or in a newer Java. */
    public static void main(String[] args) throws Throwable {
        if (JavaVersion.running().major() >= NEEDED && !Boolean.getBoolean(ALWAYS_PROPERTY)) {
            if (System.getProperty(Handover.PARENT_PROPERTY) != null) {
                call("jspy.launcher.ParentWatch", "start");
            }
            byte[][] command = Restart.command(args);
            if (command != null) {
                call("jspy.os.Exec", "replace", Restart.java(), command);
                // Refused, by a sandbox maybe: then as it is.
            }
            call(System.getProperty(MAIN_PROPERTY, MAIN), "main", (Object) args);
            return;
        }
        JavaSearch search = JavaSearch.ofThisMachine();
        JavaHome newest = search.best(NEEDED);
        if (newest == null) {
            for (String line : search.advice(NEEDED)) {
                System.err.println(line);
            }
            Runtime.getRuntime().halt(1);
        }
        if (search.complaint(NEEDED) != null) {
            System.err.println(search.complaint(NEEDED));
        }
        new Handover(newest, args).run();
    }

    // internals

    /** By name: what is called is bytecode that an old Java cannot load. */
    private static void call(String type, String method, Object... args) throws Throwable {
        Class<?>[] parameters = new Class<?>[args.length];
        for (int i = 0; i < args.length; i++) {
            parameters[i] = args[i].getClass();
        }
        try {
            Class.forName(type).getMethod(method, parameters).invoke(null, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
