package jspy.launcher;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.List;

/**
 * Passes USR1, which asks jspy for what it recorded so far, on to the newer Java. Without it the
 * signal would end the launcher, and the child with it.
 *
 * <p>Everything is named through reflection: Java 8 has no number of a process and no way to signal
 * one, and {@code sun.misc.Signal} is hidden from what is compiled for it.
 */
final class PassedOn {
    private static final String SIGNAL = "USR1";

    /** Its number on Linux, x86-64 and aarch64: bits/signum-arch.h. */
    private static final int NUMBER = 10;

    private PassedOn() {}

    /** From now on; does nothing where this Java has no such signals. */
    static void to(Process child) {
        try {
            String pid = pid(child);
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handler =
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("handle") && listens(pid)) {
                            send(pid);
                        }
                        return null;
                    };
            Object proxy =
                    Proxy.newProxyInstance(
                            PassedOn.class.getClassLoader(), new Class<?>[] {handlers}, handler);
            Object signal = signals.getConstructor(String.class).newInstance(SIGNAL);
            signals.getMethod("handle", signals, handlers).invoke(null, signal, proxy);
        } catch (ReflectiveOperationException | RuntimeException notInThisJava) {
            // jspy ctl finds the child by itself
        }
    }

    // internals

    /** The shell's own kill: not every container has the program. */
    private static void send(String pid) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + SIGNAL + " " + pid).inheritIO().start();
        } catch (IOException noShell) {
            System.err.println("jspy: cannot pass " + SIGNAL + " on: " + noShell.getMessage());
        }
    }

    /** A child that is only starting would be ended by it. Where there is no /proc, who knows. */
    private static boolean listens(String pid) {
        try {
            List<String> lines = Files.readAllLines(Paths.get("/proc", pid, "status"));
            for (String line : lines) {
                if (line.startsWith("SigCgt:")) {
                    long caught = Long.parseUnsignedLong(line.substring(7).trim(), 16);
                    return (caught >>> NUMBER - 1 & 1) != 0;
                }
            }
        } catch (IOException noProc) {
            // as below
        }
        return true;
    }

    private static String pid(Process child) throws ReflectiveOperationException {
        try {
            Method pid = Process.class.getMethod("pid"); // Java 9 and newer
            return pid.invoke(child).toString();
        } catch (NoSuchMethodException java8) {
            Field pid = child.getClass().getDeclaredField("pid");
            pid.setAccessible(true);
            return pid.get(child).toString();
        }
    }
}
