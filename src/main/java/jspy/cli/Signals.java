package jspy.cli;

import jspy.os.Linux;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What jspy does about signals besides the shutdown hook of {@link StopOnSignal}.
 *
 * <p>The JDK's own class for it, {@code sun.misc.Signal}, is named through reflection: the compiler
 * warns of it in a way that cannot be turned off for one class.
 */
final class Signals {
    private static final int INTERRUPT = 2;
    private static final int INTERRUPTED = 130;

    private Signals() {}

    /**
     * Has this done whenever the signal comes, which is named as {@code kill -l} does. Where the
     * JDK cannot do that nothing is done.
     */
    static void on(String name, Runnable action) {
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handler =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    };
            Object proxy =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(), new Class<?>[] {handlers}, handler);
            Object signal = signals.getConstructor(String.class).newInstance(name);
            signals.getMethod("handle", signals, handlers).invoke(null, signal, proxy);
        } catch (ReflectiveOperationException notInThisJdk) {
            // who waits for the signal does without
        }
    }

    /**
     * A script that starts jspy with {@code &} has INT ignored for it, and {@code kill -INT} is how
     * such a script, or whoever is used to py-spy, ends a recording. So jspy heeds INT all the
     * same. HUP stays ignored: that is what {@code nohup} is for.
     */
    static void heedInterrupt() {
        if (isIgnored(INTERRUPT)) {
            new Linux().defaultSignal(INTERRUPT);
            on("INT", () -> Runtime.getRuntime().exit(INTERRUPTED));
        }
    }

    // internals

    /** {@code SigIgn} of proc_pid_status(5): a mask in hexadecimal, signal 1 lowest. */
    private static boolean isIgnored(int signal) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("SigIgn:")) {
                    long mask = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                    return (mask >>> (signal - 1) & 1) != 0;
                }
            }
        } catch (IOException | NumberFormatException notLinux) {
            // as the system has it
        }
        return false;
    }
}
