package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.cli.SnapshotFiles;
import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.layout.PythonVersion;
import jspy.layout.UnsupportedPythonException;
import jspy.memory.TargetMemory;
import jspy.profile.Frame;
import jspy.python.CodeIdentity;
import jspy.python.PythonRuntime;
import jspy.snapshot.Snapshot;
import jspy.snapshot.SnapshotMemory;
import jspy.testing.CorruptedReads;
import jspy.testing.Snapshots;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/**
 * A sampler whose reads come back damaged, over every layout that there is: no exception, no
 * endless loop, no more frames than fit into memory. {@code -Djspy.corruptedReads=N} sets how many
 * damaged reads there are at least; they share the machine's cores.
 */
class CorruptedReadsTest {
    private static final long WANTED = Long.getLong("jspy.corruptedReads", 300_000);

    /** Samples of one reader before all begins anew, with another layout. */
    private static final int SAMPLES = 200;

    /** The last of them also tells names and variables. */
    private static final int LOCAL_CHARS = 64;

    /** A reader's samples take some ten milliseconds; a machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static final int MAX_FRAMES = 1_000_000;

    /** A layout, and a memory that fits it, or the nearest that there is. */
    private record Subject(String name, PythonRuntime runtime, SnapshotMemory memory) {}

    @Test
    void damagedReadsEndAndThrowNothing() {
        List<Subject> subjects = subjects();
        AtomicLong reads = new AtomicLong();
        AtomicLong samples = new AtomicLong();
        long rounds = 0;
        while (reads.get() < WANTED) {
            LongStream.range(rounds, rounds + subjects.size())
                    .parallel()
                    .forEach(seed -> sample(subjects, seed, reads, samples));
            rounds += subjects.size();
        }
        System.out.printf(
                "%,d damaged reads in %,d samples, %d layouts on %d memories%n",
                reads.get(),
                samples.get(),
                subjects.stream().map(each -> each.runtime().offsets()).distinct().count(),
                subjects.size());
    }

    // internals

    private static void sample(
            List<Subject> subjects, long seed, AtomicLong reads, AtomicLong samples) {
        Subject subject = subjects.get((int) (seed % subjects.size()));
        CorruptedReads memory = new CorruptedReads(subject.memory().again(), seed);
        String name = subject.name() + ", seed " + seed;
        try {
            samples.addAndGet(
                    assertTimeoutPreemptively(PATIENCE, () -> sample(subject, memory, seed), name));
        } catch (RuntimeException | Error e) {
            throw new AssertionError(name, e);
        }
        reads.addAndGet(memory.reads());
    }

    private static long sample(Subject subject, TargetMemory memory, long seed) {
        Replay replay = new Replay(subject.runtime(), () -> memory, Map.of(), seed % 3 != 0);
        CodeTable codes = new CodeTable(new CodeIdentity(subject.runtime().offsets()));
        StackSource reader = replay.reader(codes, new SampleCounters(), seed % 2 == 0);
        long samples = 0;
        while (samples < SAMPLES) {
            int status = reader.read();
            samples++;
            long frames = 0;
            for (int i = 0; status >= 0 && i < reader.stacks().count(); i++) {
                frames += reader.stacks().thread(i).depth();
                if (status == StackSource.TWO_COPIES) {
                    int agreed = reader.agreedFrames(i);
                    assertTrue(agreed >= 0 && agreed <= reader.stacks().thread(i).depth());
                }
            }
            assertTrue(frames <= MAX_FRAMES, "frames: " + frames);
        }
        StackDump dump = replay.dump(UnaryOperator.identity(), LOCAL_CHARS);
        if (dump != null) {
            for (StackDump.ThreadDump thread : dump.threads()) {
                for (Frame frame : thread.frames()) {
                    assertTrue(frame.isMark() || frame.line() >= 0, frame::label);
                }
            }
        }
        return samples;
    }

    /** Each snapshot in its own layout, and in those of which none could be captured. */
    private static List<Subject> subjects() {
        List<Subject> subjects = new ArrayList<>();
        for (Snapshot snapshot : Snapshots.all().stream().map(Snapshots::read).toList()) {
            PythonRuntime runtime = SnapshotFiles.replay(snapshot).runtime();
            SnapshotMemory memory = new SnapshotMemory(snapshot.memory());
            subjects.add(new Subject(runtime.version().toString(), runtime, memory));
            for (PythonVersion other : without(runtime.version())) {
                subjects.add(
                        new Subject(
                                other + " on " + runtime.version(), as(runtime, other), memory));
            }
            try {
                PythonRuntime tracing =
                        with(runtime, LayoutCatalog.tracingReferences(runtime.version()));
                subjects.add(new Subject(runtime.version() + " tracing", tracing, memory));
            } catch (UnsupportedPythonException none) {
                continue;
            }
        }
        return subjects;
    }

    /** Versions of which there is no snapshot, by the one that is nearest. */
    private static List<PythonVersion> without(PythonVersion version) {
        if (version.freeThreaded()) {
            return List.of(freeThreaded(14), freeThreaded(15));
        }
        return version.major() == 3 && version.minor() == 6
                ? List.of(
                        PythonVersion.of(3, 3, 7),
                        PythonVersion.of(3, 4, 8),
                        PythonVersion.of(3, 5, 5),
                        PythonVersion.of(3, 7, 3))
                : List.of();
    }

    private static PythonVersion freeThreaded(int minor) {
        return new PythonVersion(3, minor, 0, 0xF, 0, true, false);
    }

    private static PythonRuntime as(PythonRuntime runtime, PythonVersion version) {
        return new PythonRuntime(
                version,
                LayoutCatalog.offsets(version),
                runtime.runtimeAddress(),
                runtime.interpretersHeadAddress(),
                "",
                "",
                false);
    }

    private static PythonRuntime with(PythonRuntime runtime, Offsets offsets) {
        return new PythonRuntime(
                runtime.version(),
                offsets,
                runtime.runtimeAddress(),
                runtime.interpretersHeadAddress(),
                "",
                "",
                false);
    }
}
