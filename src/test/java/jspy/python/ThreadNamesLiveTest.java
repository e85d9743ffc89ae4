package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Python;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

class ThreadNamesLiveTest {
    /** For a busy machine. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(20);

    static List<Python> pythons() {
        return Python.from(6);
    }

    private static final String MANY =
            """
            import sys, threading
            def wait():
                event.wait()
            event = threading.Event()
            threads = []
            for name in ['first', 'zw\\u00f6lf', '\\u65e5\\u672c', '\\U0001f40d', 'a;b 7', None, 'x' * 300]:
                t = threading.Thread(target=wait, name=name, daemon=True)
                t.start()
                threads.append(t)
            threads[0].name = 'renamed'
            threads[5].extra = 1
            del threads[5].extra
            vars(threads[1])
            def say():
                for t in [threading.main_thread()] + threads:
                    print('%d %s' % (t.ident, t.name.encode('unicode_escape').decode('ascii')))
                print('end')
            print('ready')
            say()
            sys.stdin.readline()
            threading.current_thread().name = 'main, renamed'
            for i, t in enumerate(threads):
                t.name = 'late-%d' % i
                for j in range(40 * i):
                    setattr(t, 'attribute_%d' % j, j)
            say()
            sys.stdin.read()
            """;

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void namesAreThoseOfThreadingAlsoWhenTheyChange(Python python) throws Exception {
        try (LivePython target = LivePython.run(python, MANY)) {
            Map<Long, String> first = said(target.linesUpTo("end"));
            assertEquals(8, first.size());
            ThreadNames names = names(target);
            assertEquals(first, names.read());
            assertTrue(first.containsValue("日本"), first.toString());

            target.say("change them");
            Map<Long, String> second = said(target.linesUpTo("end"));
            assertEquals(second, names.read());
            assertTrue(second.containsValue("main, renamed"), second.toString());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void theMainThreadHasItsNameBeforeThreadingIsImported(Python python) throws Exception {
        String program =
                """
                import sys
                print('threading' in sys.modules)
                import _thread
                _thread.start_new_thread(sys.stdin.read, ())
                print(_thread.get_ident())
                sys.stdin.read()
                """;
        try (LivePython target = LivePython.starting(python.command("-S", "-u", "-c", program))) {
            assertEquals("False", target.line());
            long ident = Long.parseLong(target.line());
            assertEquals(Map.of(ident, "MainThread"), names(target).read());
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("pythons")
    void namesReadWhileThreadsComeAndGoAreNeverAnothers(Python python) throws Exception {
        String program =
                """
                import sys, threading, time
                stop = False
                def end():
                    global stop
                    sys.stdin.read()
                    stop = True
                threading.Thread(target=end, name='stdin').start()
                print('ready')
                n = 0
                while not stop:
                    n += 1
                    ts = [threading.Thread(target=time.sleep, args=(0.02,), name='w-%d-%d' % (n, i))
                          for i in range(5)]
                    for t in ts: t.start()
                    for t in ts: t.join()
                """;
        try (LivePython target = LivePython.run(python, program)) {
            ThreadNames names = names(target);
            int workers = 0;
            int readings = 0;
            long deadline = System.nanoTime() + MAX_NANOS;
            while ((readings < 200 || workers < 5) && System.nanoTime() < deadline) {
                Map<Long, String> read = names.read();
                for (String name : read.values()) {
                    boolean known = name.matches("MainThread|stdin|w-\\d+-\\d+|Thread-\\d+");
                    assertTrue(known, () -> python + ": " + read);
                }
                assertEquals(read.size(), Set.copyOf(read.values()).size(), () -> "twice: " + read);
                workers += read.values().stream().anyMatch(n -> n.startsWith("w-")) ? 1 : 0;
                readings++;
            }
            assertTrue(workers > 0, "no worker was ever seen");
            System.out.println(python + ": workers seen in " + workers + " of " + readings);
        }
    }

    // internals

    private static ThreadNames names(LivePython target) throws Exception {
        PythonRuntime runtime = new RuntimeFinder(target.target(), target.memory()).find();
        return new ThreadNames(target.memory(), runtime);
    }

    private static Map<Long, String> said(List<String> lines) {
        Map<Long, String> names = new HashMap<>();
        for (String line : lines) {
            if (line.equals("ready")) {
                continue;
            }
            String[] parts = line.split(" ", 2);
            names.put(Long.parseLong(parts[0]), Escapes.decode(parts[1]));
        }
        return names;
    }
}
