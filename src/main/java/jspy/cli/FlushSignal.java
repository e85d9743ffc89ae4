package jspy.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * USR1: a wish to have what was recorded so far, while the recording goes on. Whoever records asks
 * {@link #wanted} now and then.
 *
 * <p>The JDK's own class for it, {@code sun.misc.Signal}, is named through reflection: the compiler
 * warns of it in a way that cannot be turned off for one class.
 */
final class FlushSignal {
    /** As {@code kill -l} names it. */
    static final String NAME = "USR1";

    private volatile boolean wanted;

    private FlushSignal() {}

    /** From now on the signal is a wish. Where the JDK cannot do that, there are no wishes. */
    static FlushSignal listen() {
        FlushSignal signal = new FlushSignal();
        try {
            Class<?> signals = Class.forName("sun.misc.Signal");
            Class<?> handlers = Class.forName("sun.misc.SignalHandler");
            InvocationHandler handler =
                    (proxy, method, arguments) -> {
                        signal.wanted |= method.getName().equals("handle");
                        return null;
                    };
            Object proxy =
                    Proxy.newProxyInstance(
                            FlushSignal.class.getClassLoader(), new Class<?>[] {handlers}, handler);
            Object usr1 = signals.getConstructor(String.class).newInstance(NAME);
            signals.getMethod("handle", signals, handlers).invoke(null, usr1, proxy);
        } catch (ReflectiveOperationException notInThisJdk) {
            // jspy ctl finds out that nobody listens, and says so
        }
        return signal;
    }

    /** Whether somebody wished it since this was asked last. */
    boolean wanted() {
        boolean was = wanted;
        if (was) {
            wanted = false;
        }
        return was;
    }
}
