package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.process.AttachCheck;
import jspy.process.Children;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.profile.Frame;
import jspy.profile.ThreadLog;
import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.Python;
import jspy.testing.Recorded;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A real uWSGI: a C program that embeds Python, forks without Python's knowledge, and enters the
 * interpreter from threads of its own. In its workers are thread states without a thread, and the
 * state of the main thread has the native id that it had in the parent.
 */
class UwsgiLiveTest {
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir private Path folder;

    /** Debian's, with Python as a plugin; PyPI's, with Python linked to it. */
    static List<String> servers() {
        return List.of("uwsgi", Python.targets().resolve("embedded/uwsgi/bin/uwsgi").toString());
    }

    @ParameterizedTest
    @MethodSource("servers")
    void everyWorkerHasTheThreadsThatAreThere(String server) throws Exception {
        Path socket = folder.resolve("socket");
        try (LivePython uwsgi = start(server, socket);
                SocketChannel waiting = send(socket)) {
            assertTrue(waiting.isConnected());
            Dumped serving = awaitServing(uwsgi);
            List<Integer> workers = Children.of(ProcFiles.system(), uwsgi.pid());
            assertEquals(2, workers.size());
            for (int worker : workers) {
                assertThreadsAreThere(dump(worker));
            }
            List<String> stack =
                    serving.dump.threads().stream()
                            .filter(thread -> functions(thread).contains("application"))
                            .findFirst()
                            .orElseThrow()
                            .frames()
                            .stream()
                            .map(Frame::function)
                            .toList();
            assertEquals(List.of("pause", "application"), stack);
            Recorded recorded =
                    Recorded.samples(
                            Attachment.to(serving.process),
                            100,
                            ThreadFilter.ALL,
                            ReadMode.OWN_CORE,
                            20);
            for (ThreadLog thread : recorded.profile().threads()) {
                assertTrue(thread.samples() == 0 || thread.nativeThreadId() > 0, thread.toString());
            }
        }
    }

    // internals

    private record Dumped(TargetProcess process, StackDump dump) {}

    private static void assertThreadsAreThere(Dumped worker) throws IOException {
        Set<Long> seen = new HashSet<>();
        for (StackDump.ThreadDump thread : worker.dump.threads()) {
            seen.add(thread.hostThreadId());
            assertTrue(thread.frames().stream().noneMatch(Frame::isMark), thread::toString);
        }
        Set<Long> listed = new HashSet<>();
        for (int thread : worker.process.threads()) {
            listed.add((long) thread);
        }
        assertEquals(listed, seen);
        assertEquals(seen.size(), worker.dump.threads().size());
    }

    private LivePython start(String server, Path socket) throws IOException {
        List<String> command = new ArrayList<>(List.of(server));
        if (server.equals("uwsgi")) {
            command.addAll(List.of("--plugins", "python3"));
        }
        command.addAll(List.of("--socket", socket.toString(), "--protocol", "http", "--master"));
        command.addAll(List.of("--processes", "2", "--threads", "2", "--enable-threads"));
        command.addAll(List.of("--die-on-term", "--no-orphans"));
        command.addAll(List.of("--wsgi-file", Program.named("served").file().toString()));
        String reason = "no uWSGI with Python 3 here (apt install uwsgi-core uwsgi-plugin-python3)";
        if (!server.equals("uwsgi")) {
            reason = "no uWSGI of PyPI here (tools/targets/fetch-embedded uwsgi)";
            Assumptions.assumeTrue(Files.exists(Path.of(server)), reason);
        }
        LivePython started;
        try {
            started = LivePython.starting(new ProcessBuilder(command).redirectErrorStream(true));
        } catch (IOException e) {
            System.out.println("skipped: " + reason);
            Assumptions.abort(reason);
            throw e;
        }
        try {
            String line = "";
            while (!line.contains("spawned uWSGI worker 2")) {
                line = started.line();
            }
            return started;
        } catch (IllegalStateException ended) {
            System.out.println("skipped: " + reason + ": " + ended.getMessage());
            Assumptions.abort(reason);
            throw ended;
        }
    }

    private static SocketChannel send(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        channel.write(
                ByteBuffer.wrap("GET /wait HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static Dumped awaitServing(LivePython uwsgi) throws Exception {
        for (int waited = 0; waited < PATIENCE_MILLIS; waited += 50) {
            for (int worker : Children.of(ProcFiles.system(), uwsgi.pid())) {
                Dumped seen = dump(worker);
                for (StackDump.ThreadDump thread : seen.dump.threads()) {
                    if (functions(thread).containsAll(List.of("pause", "application"))) {
                        return seen;
                    }
                }
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no worker serves the request");
    }

    private static List<String> functions(StackDump.ThreadDump thread) {
        return thread.frames().stream().map(Frame::function).toList();
    }

    private static Dumped dump(int pid) throws Exception {
        TargetProcess process = new AttachCheck(ProcFiles.system()).attach(pid);
        return new Dumped(
                process,
                Attachment.to(process).dump(ReadMode.OWN_CORE, UnaryOperator.identity(), 0));
    }
}
