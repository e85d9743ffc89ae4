package jspy.sample;

import jspy.cli.SnapshotFiles;
import jspy.profile.Frame;
import jspy.python.CodeIdentity;
import jspy.python.ThreadStack;
import jspy.snapshot.Snapshot;
import jspy.snapshot.SnapshotWriter;
import jspy.testing.Grandchild;
import jspy.testing.Python;
import jspy.unwind.CapturedStack;
import jspy.unwind.Merge;
import jspy.unwind.StackCapture;
import jspy.unwind.UnwindEnd;

import org.tukaani.xz.XZInputStream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Makes the captures under {@code testdata/native}: {@code tools/native/capture [WORD …]}. A stack
 * is kept only when gdb finds the same native frames (unless it does not come to the root) and,
 * where the program waits at a known place, the Python frames are those that it said itself.
 */
final class CaptureNative {
    private static final Path FOLDER = Path.of("testdata", "native");
    private static final long SETTLE_MILLIS = 300;

    /** A program that runs may be caught elsewhere than wanted. */
    private static final int MAX_TRIES = 60;

    /**
     * @param isBusy it runs on, and is stopped for the capture; else it waits in a lock
     * @param mustHave a frame without which the capture shows nothing
     */
    private record Case(
            String name,
            List<String> versions,
            List<String> options,
            String program,
            boolean isBusy,
            String mustHave) {}

    private static final String PARKED =
            """
            import _thread, ctypes, functools, sys
            lock = _thread.allocate_lock(); lock.acquire()
            def said():
                frames, frame = [], sys._getframe(1)
                while frame:
                    frames.append('%s:%d' % (frame.f_code.co_name, frame.f_lineno))
                    frame = frame.f_back
                print('ready', *frames[::-1], flush=True)
            """;

    private static final String NESTED =
            PARKED
                    + """
                    libc = ctypes.CDLL(None)
                    Compare = ctypes.CFUNCTYPE(
                        ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
                    def leaf(n): said(); lock.acquire()
                    def compare(a, b):
                        leaf(a[0]); return 0
                    class Key:
                        def __init__(self, n): self.n = n
                        def __lt__(self, other): return by_qsort(self.n)
                    def by_qsort(n): libc.qsort((ctypes.c_int * 4)(3, n, 2, 4), 4, 4, Compare(compare))
                    def generate(n):
                        for i in range(2): yield sum(map(work, range(i + n)))
                    def by_reduce(n): return functools.reduce(lambda a, b: a + b, generate(n), n)
                    def work(n): return len(sorted([Key(3), Key(1)]))
                    by_reduce(1)
                    """;

    private static final String SIGNAL =
            PARKED
                    + """
                    libc = ctypes.CDLL(None)
                    Handler = ctypes.CFUNCTYPE(None, ctypes.c_int)
                    def handle(number): said(); lock.acquire()
                    handler = Handler(handle)
                    libc.signal(10, handler)
                    def interrupted(): getattr(libc, 'raise')(10)
                    interrupted()
                    """;

    private static final String ZLIB =
            """
            import zlib
            data = bytes(range(256)) * 4096
            def squeeze(): return zlib.compress(data, 9)
            print('ready', flush=True)
            while True: squeeze()
            """;

    private static final String MATMUL =
            """
            import numpy
            a = numpy.random.rand(600, 600)
            def multiply(a): return a @ a
            print('ready', flush=True)
            while True: multiply(a)
            """;

    private static final List<Case> CASES =
            List.of(
                    new Case(
                            "nested",
                            List.of("3.8", "3.10", "3.11", "3.12", "3.13", "3.14"),
                            List.of(),
                            NESTED,
                            false,
                            "qsort"),
                    new Case(
                            "signal", List.of("3.12", "3.13"), List.of(), SIGNAL, false, "gsignal"),
                    new Case(
                            "perf", List.of("3.12"), List.of("-X", "perf"), NESTED, false, "qsort"),
                    new Case("zlib", List.of("3.9", "3.13"), List.of(), ZLIB, true, "deflate"),
                    new Case("matmul", List.of("3.13"), List.of(), MATMUL, true, "dgemm_kernel"));

    private CaptureNative() {}

    public static void main(String[] words) throws Exception {
        Files.createDirectories(FOLDER);
        for (Case one : CASES) {
            for (String version : one.versions()) {
                String name = version + "-" + one.name();
                if (words.length == 0 || Arrays.stream(words).anyMatch(name::contains)) {
                    capture(one, python(version), name);
                }
            }
        }
    }

    // internals

    /** One that is no debug and no free-threaded build, and runs without a wrapper. */
    private static Python python(String version) {
        return Python.all().stream()
                .filter(one -> version.equals(one.major() + "." + one.minor()))
                .filter(one -> !one.isDebug() && !one.isFreeThreaded() && !one.isWrapped())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no CPython " + version));
    }

    private static void capture(Case one, Python python, String name) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-B", "-s", "-u"));
        arguments.addAll(one.options());
        arguments.addAll(List.of("-c", one.program()));
        ProcessBuilder command = python.command(arguments.toArray(String[]::new));
        if (one.name().equals("matmul")) {
            Path numpy = Python.targets().resolve("native/x86_64/numpy");
            command.environment().put("PYTHONPATH", numpy.toString());
            command.environment().put("OPENBLAS_NUM_THREADS", "1");
            command.environment().put("OPENBLAS_CORETYPE", "Haswell");
        }
        command.directory(Path.of("/").toFile());
        try (Grandchild target = Grandchild.start(command)) {
            String said = target.line();
            String problem = "";
            for (int i = 0; i < MAX_TRIES; i++) {
                Thread.sleep(SETTLE_MILLIS + i);
                if (one.isBusy()) {
                    target.signal("STOP");
                    Thread.sleep(SETTLE_MILLIS / 10);
                }
                problem = take(one, target.pid(), said, name);
                target.signal("CONT");
                if (problem.isEmpty()) {
                    return;
                }
            }
            throw new IOException(name + ": " + problem);
        }
    }

    /** Empty, or why this moment is not the one. */
    private static String take(Case one, int pid, String said, String name) throws Exception {
        Path file = FOLDER.resolve(name + ".stack");
        Attachment attachment = Attachment.to(pid);
        Snapshot real = SnapshotFiles.capture(attachment, text -> text).snapshot();
        if (!real.proved()) {
            return "the Python side is not proved";
        }
        Snapshot snapshot = neutral(real);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotWriter.write(snapshot, bytes);
        long ident =
                real.threads().stream()
                        .filter(thread -> thread.hostId() == pid)
                        .findFirst()
                        .orElseThrow()
                        .ident();
        List<Long> read;
        List<Long> gdb;
        try (StackCapture capture = new StackCapture(pid)) {
            read = capture.write(file, pid, bytes.toByteArray(), threadState(snapshot, ident));
            gdb = capture.gdbsOrNull(pid);
        } catch (IOException e) {
            return e.getMessage();
        }
        ReplayedStack replayed = ReplayedStack.of(CapturedStack.read(file));
        String problem = problem(one, read, gdb, said, replayed);
        if (problem.isEmpty()) {
            requireNoFolderOfThisMachine(file);
            Files.writeString(FOLDER.resolve(name + ".txt"), replayed.text());
            System.out.printf(
                    "%s: %d bytes, %d frames, %s%n",
                    file,
                    Files.size(file),
                    replayed.frames().size(),
                    gdb == null ? "gdb does not come to the root" : "gdb finds the same");
        } else {
            Files.delete(file);
        }
        return problem;
    }

    private static String problem(
            Case one, List<Long> read, List<Long> gdb, String said, ReplayedStack replayed) {
        if (replayed.end() != UnwindEnd.ROOT || !replayed.addresses().equals(read)) {
            return "replayed, it ends by " + UnwindEnd.reason(replayed.end()) + " or elsewhere";
        }
        if (replayed.merged() != Merge.WHOLE) {
            return "it cannot be merged";
        }
        if (gdb != null && !gdb.equals(read)) {
            return "gdb finds other frames";
        }
        String labels =
                replayed.frames().stream().map(Frame::function).collect(Collectors.joining(" "));
        if (!labels.contains(one.mustHave())) {
            return one.mustHave() + " is not in " + labels;
        }
        String python =
                replayed.frames().stream()
                        .filter(frame -> frame.file().equals("<string>"))
                        .map(CaptureNative::name)
                        .collect(Collectors.joining(" "));
        return one.isBusy() || said.equals("ready " + python)
                ? ""
                : "the program said %s; replayed: %s".formatted(said, python);
    }

    private static String name(Frame frame) {
        String function = frame.function();
        return function.substring(function.lastIndexOf('.') + 1) + ":" + frame.line();
    }

    private static long threadState(Snapshot snapshot, long ident) {
        Replay replay = SnapshotFiles.replay(snapshot);
        CodeTable codes = new CodeTable(new CodeIdentity(replay.runtime().offsets()));
        StackSource source = replay.reader(codes, new SampleCounters(), true);
        while (!source.isBest(source.read())) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < source.stacks().count(); i++) {
            ThreadStack thread = source.stacks().thread(i);
            if (thread.ident() == ident) {
                return thread.threadState();
            }
        }
        throw new IllegalStateException("the thread is not in its snapshot");
    }

    private static Snapshot neutral(Snapshot snapshot) {
        Snapshot.Interpreter found = snapshot.interpreter();
        UnaryOperator<String> plain =
                path -> StackCapture.FOLDER + path.substring(path.lastIndexOf('/') + 1);
        return new Snapshot(
                snapshot.jspyVersion(),
                snapshot.platform(),
                snapshot.pid(),
                List.of(),
                plain.apply(snapshot.executable()),
                new Snapshot.Interpreter(
                        found.versionHex(),
                        found.freeThreaded(),
                        found.debug(),
                        found.debugOffsets(),
                        found.runtimeAddress(),
                        found.interpretersHeadAddress(),
                        plain.apply(found.file()),
                        "captured"),
                snapshot.proved(),
                snapshot.threads(),
                List.of(),
                snapshot.memory());
    }

    private static void requireNoFolderOfThisMachine(Path file) throws IOException {
        try (XZInputStream in = new XZInputStream(Files.newInputStream(file))) {
            String all = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            int at = all.indexOf(System.getProperty("user.home") + "/");
            if (at >= 0) {
                throw new IOException(
                        file + " names " + all.substring(at, Math.min(all.length(), at + 80)));
            }
        }
    }
}
