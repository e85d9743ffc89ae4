package jspy.unwind;

import jspy.testing.Python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs that call from Python into C, C++ and Rust and back, for stacks of many shapes. */
final class GdbPrograms {
    /**
     * @param unavailable why it cannot be run; null when it can
     */
    record Program(String name, List<String> arguments, Path path, String unavailable) {}

    private static final String NESTED =
            """
            import ctypes, functools, re, threading
            libc = ctypes.CDLL(None)
            Compare = ctypes.CFUNCTYPE(
                ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
            def leaf(n):
                total = 0
                for i in range(100): total += i * n
                return total
            class Key:
                def __init__(self, n): self.n = n
                def __lt__(self, other): return by_qsort(self.n) < by_qsort(other.n)
            def compare(a, b): return a[0] - b[0] + len(by_regex(a[0])) * 0
            def by_qsort(n):
                numbers = (ctypes.c_int * 4)(3, n, 2, 4)
                libc.qsort(numbers, 4, 4, Compare(compare))
                return numbers[0]
            def by_regex(n): return re.sub('[ab]', lambda match: str(by_reduce(n)), 'xaxb')
            def generate(n):
                for i in range(2): yield sum(map(leaf, range(i + n % 2)))
            def by_reduce(n): return functools.reduce(lambda a, b: a + b, generate(n), n)
            def work():
                sorted([Key(i) for i in (3, 1, 2)])
                sorted(range(3), key=by_regex)
            def loop():
                while True: work()
            for i in range(5): threading.Thread(target=loop, daemon=True).start()
            print('ready', flush=True)
            loop()
            """;

    private static final String THREADS =
            """
            import threading, time, hashlib, zlib, os
            data = os.urandom(1 << 18)
            def sleep():
                while True: time.sleep(0.001)
            def hashes():
                while True: hashlib.sha256(data).digest()
            def compress():
                while True: zlib.compress(data)
            def clock():
                while True: time.time(); time.monotonic()
            for target in (sleep, hashes, compress, clock, threading.Event().wait):
                threading.Thread(target=target, daemon=True).start()
            print('ready', flush=True)
            while True: time.sleep(0.001)
            """;

    private static final String SIGNALS =
            """
            import signal, time
            def count(n): return sum(range(n))
            signal.signal(signal.SIGALRM, lambda number, frame: count(2000))
            signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
            print('ready', flush=True)
            while True: sorted(range(50), key=count)
            """;

    private static final String NUMPY =
            """
            import numpy, threading
            a = numpy.random.rand(300, 300)
            def twice(x): return sum(range(20)) + x
            double = numpy.frompyfunc(twice, 1, 1)
            def elements():
                while True: double(a[:20])
            def sort():
                while True: numpy.sort(a); numpy.exp(a); numpy.add.reduce(a)
            def along():
                while True: numpy.apply_along_axis(lambda row: row[0] + twice(1), 0, a)
            for target in (elements, sort, along):
                threading.Thread(target=target, daemon=True).start()
            print('ready', flush=True)
            elements()
            """;

    private static final String CALLS =
            """
            import ctypes, sys, threading
            library = ctypes.CDLL(sys.argv[1])
            def price(a, b): return len(sorted(range(30), key=lambda n: -n)) + a - b
            call = ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long, ctypes.c_long)(price)
            def loop():
                while True: library.run(call, ctypes.c_long(12))
            for i in range(3): threading.Thread(target=loop, daemon=True).start()
            print('ready', flush=True)
            loop()
            """;

    private static final String HANDLED =
            """
            import ctypes, sys
            library = ctypes.CDLL(sys.argv[1])
            library.handle()
            print('ready', flush=True)
            while True: sorted(range(50), key=lambda n: sum(range(n)))
            """;

    private static final String CPP =
            """
            #include <algorithm>
            #include <functional>
            #include <signal.h>
            #include <string.h>
            #include <sys/time.h>
            #include <vector>
            namespace {
            struct Base { virtual long run(long n) = 0; virtual ~Base() {} };
            struct Sorted : Base {
                std::function<long(long, long)> call;
                long run(long n) override {
                    std::vector<long> v;
                    for (long i = 0; i < n; i++) v.push_back(i * 7 % 5);
                    std::sort(v.begin(), v.end(), [&](long a, long b) {
                        char local[n * 8];
                        memset(local, (int)a, sizeof local);
                        try {
                            if (call(a, b) < 0) throw (int)local[0];
                        } catch (int) {
                        }
                        return a < b;
                    });
                    return v[0];
                }
            };
            volatile long burnt;
            void burn(long n) { for (long i = 0; i < n; i++) burnt += i; }
            void handler(int) { burn(200000); }
            }
            extern "C" long run(long (*call)(long, long), long n) {
                Sorted sorted;
                sorted.call = call;
                Base *base = &sorted;
                return base->run(n);
            }
            extern "C" void handle() {
                static char memory[1 << 16];
                stack_t stack = {};
                stack.ss_sp = memory;
                stack.ss_size = sizeof memory;
                sigaltstack(&stack, nullptr);
                struct sigaction action = {};
                action.sa_handler = handler;
                action.sa_flags = SA_ONSTACK | SA_RESTART;
                sigaction(SIGALRM, &action, nullptr);
                struct itimerval timer = {{0, 1000}, {0, 1000}};
                setitimer(ITIMER_REAL, &timer, nullptr);
            }
            """;

    private static final String RUST =
            """
            #[no_mangle]
            pub extern "C" fn run(call: extern "C" fn(i64, i64) -> i64, n: i64) -> i64 {
                let mut numbers: Vec<i64> = (0..n).map(|i| i * 7 % 5).collect();
                let boxed: Box<dyn Fn(i64, i64) -> i64> = Box::new(move |a, b| call(a, b));
                numbers.sort_by(|a, b| { boxed(*a, *b); a.cmp(b) });
                numbers.iter().fold(0, |sum, x| sum + boxed(*x, sum))
            }
            """;

    private final Path cpp;
    private final Path rust;

    /** Compiles what is to be compiled. */
    GdbPrograms(Path scratch) throws IOException, InterruptedException {
        Path cppSource = Files.writeString(scratch.resolve("calls.cpp"), CPP);
        cpp =
                compiled(
                        scratch.resolve("calls.so"),
                        cppSource,
                        "g++",
                        "-g",
                        "-O2",
                        "-shared",
                        "-fPIC",
                        "-static-libstdc++",
                        "-static-libgcc");
        Path rustSource = Files.writeString(scratch.resolve("rusty.rs"), RUST);
        rust =
                compiled(
                        scratch.resolve("rusty.so"),
                        rustSource,
                        "rustc",
                        "-O",
                        "--crate-type=cdylib");
    }

    List<Program> of(Python python) {
        List<Program> programs = new ArrayList<>();
        programs.add(program("nested callbacks", null, "-c", NESTED));
        programs.add(program("threads, zlib, hashlib, vdso", null, "-c", THREADS));
        programs.add(program("signal handler of Python", null, "-c", SIGNALS));
        programs.add(library("C++ with callbacks", cpp, CALLS));
        programs.add(library("Rust with callbacks", rust, CALLS));
        programs.add(library("handler on a stack of its own", cpp, HANDLED));
        if (python.minor() == 13 && !python.isFreeThreaded() && !python.isDebug()) {
            Path numpy = NativeFiles.fetched().resolve("x86_64/numpy");
            String missing = Files.isDirectory(numpy) ? null : "numpy is not fetched";
            programs.add(new Program("numpy", List.of("-c", NUMPY), numpy, missing));
        }
        if (python.minor() >= 12) {
            programs.add(program("-X perf", null, "-X", "perf", "-c", NESTED));
        }
        return programs;
    }

    // internals

    private static Program program(String name, String unavailable, String... arguments) {
        return new Program(name, List.of(arguments), null, unavailable);
    }

    private static Program library(String name, Path library, String program) {
        String missing = library == null ? "its compiler is not here" : null;
        return program(name, missing, "-c", program, String.valueOf(library));
    }

    /** Null where there is no such compiler. */
    private static Path compiled(Path library, Path source, String... command)
            throws InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("-o", library.toString(), source.toString()));
        try {
            return new ProcessBuilder(words).inheritIO().start().waitFor() == 0 ? library : null;
        } catch (IOException e) {
            return null;
        }
    }
}
