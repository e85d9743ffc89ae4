package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.Grandchild;
import jspy.testing.Python;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** The frames of real threads at random moments are those that gdb finds. */
class UnwinderLiveTest {
    /** More of them, and with every CPython of the machine, where there are minutes for it. */
    private static final int MOMENTS = Integer.getInteger("jspy.gdb.moments", 1);

    /** Python calls C calls Python, in several ways. */
    private static final String SANDWICH =
            """
            import functools, sys
            class Key:
                def __init__(self, n): self.n = n
                def __lt__(self, other): return descend(self.n) < descend(other.n)
            class Caller:
                def __call__(self, n): return leaf(n)
            def leaf(n):
                total = 0
                for i in range(200): total += i * n
                return total
            def generate(n):
                for i in range(3): yield sum(map(Caller(), range(i + n % 2)))
            def descend(n): return functools.reduce(lambda a, b: a + b, generate(n), n)
            def work(): return sorted([Key(i) for i in (3, 1, 2)])
            print('ready', flush=True)
            while True: work()
            """;

    private static final String COMPRESS =
            """
            import zlib, os
            data = os.urandom(1 << 20)
            print('ready', flush=True)
            while True: zlib.compress(data, 9)
            """;

    private static final String THREADS =
            """
            import threading, time, hashlib, zlib
            data = b'x' * (1 << 20)
            def sleep():
                while True: time.sleep(0.01)
            def hashes():
                while True: hashlib.sha256(data).digest()
            def compress():
                while True: zlib.compress(data)
            def wait(): threading.Event().wait()
            for target in (sleep, sleep, hashes, compress, wait):
                threading.Thread(target=target, daemon=True).start()
            print('ready', flush=True)
            while True: time.sleep(0.001)
            """;

    private static final String SIGNALS =
            """
            import signal
            def count(n): return sum(range(n))
            signal.signal(signal.SIGALRM, lambda number, frame: count(2000))
            signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
            print('ready', flush=True)
            while True: count(500)
            """;

    @TempDir private Path scratch;

    @TestFactory
    Stream<DynamicTest> framesAreGdbs() {
        Assumptions.assumeTrue(Gdb.isHere(), "gdb is not on the PATH");
        List<DynamicTest> tests = new ArrayList<>();
        for (Python python : pythons()) {
            tests.add(test(python, "Python and C", SANDWICH));
            tests.add(test(python, "zlib", COMPRESS));
            tests.add(test(python, "threads", THREADS));
            tests.add(test(python, "signal handler", SIGNALS));
        }
        return tests.stream();
    }

    /** The oldest, one in the middle and the newest, unless all are asked for. */
    private static List<Python> pythons() {
        List<Python> all = Python.from(8);
        if (MOMENTS > 1 || all.size() < 4) {
            return all;
        }
        return List.of(all.getFirst(), all.get(all.size() / 2), all.getLast());
    }

    private DynamicTest test(Python python, String name, String program) {
        return DynamicTest.dynamicTest(python + ", " + name, () -> compare(python, program));
    }

    private void compare(Python python, String program) throws Exception {
        Random random = new Random(1);
        int compared = 0;
        try (Grandchild target = Grandchild.start(python.command("-u", "-c", program))) {
            assertEquals("ready", target.line());
            for (int i = 0; i < MOMENTS; i++) {
                Thread.sleep(20 + random.nextInt(60));
                target.signal("STOP");
                Thread.sleep(20);
                Map<Integer, List<Long>> ours = OurStacks.of(target.pid());
                Map<Integer, Gdb.Stack> gdbs = Gdb.stacks(target.pid(), scratch);
                target.signal("CONT");
                for (Map.Entry<Integer, Gdb.Stack> gdb : gdbs.entrySet()) {
                    if (gdb.getValue().isWhole()) {
                        assertEquals(hex(gdb.getValue().addresses()), hex(ours.get(gdb.getKey())));
                        compared++;
                    }
                }
            }
        }
        assertTrue(compared > 0, "gdb came to no root");
        System.out.printf("%s: %d stacks as gdb has them%n", python, compared);
    }

    private static List<String> hex(List<Long> addresses) {
        return addresses.stream().map(Long::toHexString).toList();
    }
}
