package jspy.launcher;

/**
 * Ends this process when the launcher that started it is gone, however it went.
 *
 * <p>{@code ProcessHandle.onExit} would wait up to five seconds for a process that is not a child,
 * so a thread of its own looks four times a second; a look costs some 30 microseconds. The end is
 * an orderly one: what must be undone or written is, within ten seconds.
 */
public final class ParentWatch {
    private static final String PARENT_PROPERTY = "jspy.launcher.parent";
    private static final long LOOK_MILLIS = 250;
    private static final long GRACE_MILLIS = 10_000;

    /** As of a program that was killed: 128 + SIGKILL. */
    private static final int KILLED = 137;

    private ParentWatch() {}

    /** Called by {@code Launcher}, by name. */
    public static void start() {
        long parent = Long.parseLong(System.getProperty(PARENT_PROPERTY));
        Thread.ofPlatform().daemon().name("jspy-parent-watch").start(() -> watch(parent));
    }

    // internals

    private static void watch(long parent) {
        try {
            while (ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L) == parent) {
                Thread.sleep(LOOK_MILLIS);
            }
            Thread.ofPlatform().daemon().start(() -> System.exit(KILLED));
            Thread.sleep(GRACE_MILLIS);
        } catch (InterruptedException nobodyInterrupts) {
            throw new AssertionError(nobodyInterrupts);
        }
        Runtime.getRuntime().halt(KILLED);
    }
}
