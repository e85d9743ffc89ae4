package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.testing.LivePython;
import jspy.testing.Program;
import jspy.testing.TracedRecording;
import jspy.testing.TracedRecording.Counts;
import jspy.testing.Wanted;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What jspy does to a target, as the kernel sees it, and how often it reads. */
class StraceLiveTest {
    private static final double RATE = 1000;
    private static final int MILLIS = 1000;
    private static final double MAX_READS_PER_SAMPLE = 1.2;

    /** Where others take the core away in the middle of a reading, it is done again. */
    private static final int TRIES = 5;

    /** Whatever stops, signals or changes another process, or could open its memory for that. */
    private static final String FORBIDDEN =
            "ptrace,process_vm_writev,kill,tkill,tgkill,rt_sigqueueinfo,rt_tgsigqueueinfo,"
                    + "pidfd_send_signal,pidfd_open,openat,open,openat2";

    @TempDir Path folder;

    static List<Wanted> pythons() {
        return Wanted.oneEach();
    }

    /** Which calls jspy makes hardly depends on the version: the oldest and the newest found. */
    static List<Wanted> oldestAndNewest() {
        List<Wanted> found = pythons().stream().filter(each -> each.found() != null).toList();
        return found.size() < 3 ? found : List.of(found.getFirst(), found.getLast());
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aWarmSampleIsOneRead(Wanted wanted) throws Exception {
        try (LivePython target = Program.named("flutter").start(wanted.python())) {
            assertOneReadEach(wanted + ", flutter", target);
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void aWarmSampleOf31ThreadsIsOneRead(Wanted wanted) throws Exception {
        for (String argument : List.of("waiting", "busy")) {
            try (LivePython target =
                    Program.named("named_threads").start(wanted.python(), argument)) {
                target.linesUpTo("end");
                assertOneReadEach(wanted + ", named_threads " + argument, target);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void theTargetIsNotStoppedSignalledOrWrittenTo(Wanted wanted) throws Exception {
        assumeStrace();
        try (LivePython target = Program.named("flutter").start(wanted.python())) {
            Counts counts = traced(target, FORBIDDEN);
            assertTrue(counts.provedPercent() > 50, counts::toString); // the default mode it was
            String pid = Integer.toString(target.pid());
            for (String call : Files.readAllLines(folder.resolve("calls"))) {
                boolean opens = call.contains("open");
                boolean ofTarget =
                        opens
                                ? call.matches(".*\"/proc/" + pid + "/(task/\\d+/)?mem\".*")
                                : call.matches(".*\\b" + pid + "\\b.*");
                boolean harmless =
                        call.matches(".*kill\\(" + pid + ", 0\\).*")
                                || opens && call.contains("O_RDONLY");
                assertTrue(!ofTarget || harmless, call);
                assertTrue(!call.contains("ptrace(") && !call.contains("writev("), call);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("oldestAndNewest")
    void whatStraceSeesOfTheReadsIsWhatTheSamplerCounts(Wanted wanted) throws Exception {
        assumeStrace();
        try (LivePython target = Program.named("flutter").start(wanted.python())) {
            Counts counts = traced(target, "process_vm_readv");
            long seen;
            try (var calls = Files.lines(folder.resolve("calls"))) {
                seen =
                        calls.filter(call -> call.contains("process_vm_readv("))
                                .filter(call -> !call.contains("resumed"))
                                .count();
            }
            long others = seen - counts.allReads();
            System.out.printf(
                    "%s: %,d reads of the sampler, %,d besides (attach, names, guard)%n",
                    wanted, counts.allReads(), others);
            assertTrue(others >= 0, counts::toString);
            assertTrue(others < 2000, () -> others + " other reads");
        }
    }

    // internals

    private static void assertOneReadEach(String what, LivePython target) throws Exception {
        Counts counts = TracedRecording.record(target.pid(), RATE, MILLIS);
        for (int i = 1; i < TRIES && counts.readsPerSample() > MAX_READS_PER_SAMPLE; i++) {
            counts = TracedRecording.record(target.pid(), RATE, MILLIS);
        }
        System.out.printf(
                "%s: %.3f reads a sample, %.1f %% proved%n",
                what, counts.readsPerSample(), counts.provedPercent());
        assertTrue(counts.readsPerSample() <= MAX_READS_PER_SAMPLE, what + ": " + counts);
    }

    private static void assumeStrace() throws InterruptedException {
        String reason = "skipped: strace is missing or may not trace here";
        int status = 1;
        try {
            Process strace =
                    new ProcessBuilder("strace", "-o", "/dev/null", "true")
                            .redirectErrorStream(true)
                            .start();
            strace.getInputStream().readAllBytes();
            status = strace.waitFor();
        } catch (IOException missing) {
            reason = "skipped: " + missing.getMessage();
        }
        if (status != 0) {
            System.out.println(reason);
        }
        Assumptions.assumeTrue(status == 0, reason);
    }

    /** Records under strace; calls that are not traced run at their own speed (seccomp). */
    private Counts traced(LivePython target, String calls) throws Exception {
        String java = ProcessHandle.current().info().command().orElse("java");
        String path =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        Process strace =
                new ProcessBuilder(
                                "strace",
                                "-f",
                                "--seccomp-bpf",
                                "-o",
                                folder.resolve("calls").toString(),
                                "-e",
                                "trace=" + calls,
                                java,
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-cp",
                                path,
                                TracedRecording.class.getName(),
                                Integer.toString(target.pid()),
                                Double.toString(RATE),
                                Integer.toString(MILLIS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String said = new String(strace.getInputStream().readAllBytes()).strip();
        assertEquals(0, strace.waitFor(), said);
        String[] counts = said.substring(said.lastIndexOf('\n') + 1).split(" ");
        return new Counts(
                Long.parseLong(counts[0]),
                Long.parseLong(counts[1]),
                Long.parseLong(counts[2]),
                Long.parseLong(counts[3]));
    }
}
