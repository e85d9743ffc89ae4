package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.os.LinuxKernel;
import jspy.process.Capability;
import jspy.process.CoreSeat;
import jspy.profile.Accuracy;
import jspy.profile.AccuracyBuilder;
import jspy.profile.FrameTable;
import jspy.profile.Profile;
import jspy.profile.StackTrie;
import jspy.profile.Target;
import jspy.python.CodeDecoder;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One recording of one process, from the first tick to the profile: a sampler thread, a drain
 * thread, the ring between them. {@link #start}, then {@link #await} or {@link #stop}, then {@link
 * #profile}.
 */
public final class Recording {
    /** What is recorded and how. */
    public record Options(
            double rateHz,
            long durationNanos,
            ThreadFilter filter,
            LineStyle lines,
            boolean fullFilenames,
            boolean timed,
            boolean nonblocking,
            boolean threadFrames) {
        /** As py-spy's defaults: 100 Hz, until stopped, active threads, current lines. */
        public static Options defaults() {
            return new Options(
                    100,
                    UNLIMITED,
                    ThreadFilter.ACTIVE,
                    LineStyle.CURRENT,
                    false,
                    true,
                    false,
                    false);
        }
    }

    /** A duration that does not end. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** 4 MB: some 15 s of 50 changed frames at 1 kHz, if the drain stood still so long. */
    private static final int RING_LONGS = 1 << 19;

    private final Attachment attachment;
    private final Options options;
    private final SampleCounters counters = new SampleCounters();
    private final FrameTable frames = new FrameTable();
    private final StackTrie trie = new StackTrie();
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();
    private final LinuxKernel clock = new Linux();
    private final long startCpuNanos = clock.processCpuNanos();
    private final Drain drain;
    private final Thread drainThread;
    private final Sampler sampler;
    private final Thread samplerThread;
    private long endNanos;
    private long cpuNanos;

    private Recording(Attachment attachment, Options options) throws IOException {
        this.attachment = attachment;
        this.options = options;
        SpscRing ring = new SpscRing(RING_LONGS);
        CodeTable codes = new CodeTable();
        CodeDecoder decoder =
                new CodeDecoder(attachment.runtime().offsets(), attachment.runtime().version());
        UnaryOperator<String> shorten =
                options.fullFilenames() ? UnaryOperator.identity() : attachment.shortNames();
        FrameNames names = new FrameNames(codes, decoder, frames, options.lines(), shorten);
        drain =
                new Drain(
                        ring,
                        names,
                        frames,
                        trie,
                        new LiveThreads(attachment, attachment.memory()),
                        attachment.process().pid(),
                        options.filter(),
                        options.timed(),
                        startNanos);
        long end =
                options.durationNanos() == UNLIMITED
                        ? Long.MAX_VALUE
                        : startNanos + options.durationNanos();
        LinuxKernel kernel = new Linux();
        TargetMemory memory = attachment.memory();
        CoreSeat seat = new CoreSeat(kernel);
        StackReader[] readers =
                attachment
                        .readers(memory, seat, codes, counters, !options.nonblocking())
                        .toArray(StackReader[]::new);
        SampleEncoder[] encoders = new SampleEncoder[readers.length];
        for (int i = 0; i < readers.length; i++) {
            encoders[i] = new SampleEncoder(ring, codes);
        }
        sampler =
                new Sampler(
                        kernel,
                        readers,
                        encoders,
                        drain,
                        counters,
                        options.rateHz(),
                        startNanos,
                        end);
        drainThread = Thread.ofPlatform().name("jspy-drain").daemon().unstarted(drain);
        samplerThread = Thread.ofPlatform().name("jspy-sampler").daemon().unstarted(sampler);
    }

    /** Begins to sample. */
    public static Recording start(Attachment attachment, Options options) throws IOException {
        Recording recording = new Recording(attachment, options);
        recording.drainThread.start();
        recording.samplerThread.start();
        return recording;
    }

    /** Counts so far, for a progress line. */
    public SampleCounters counters() {
        return counters;
    }

    public long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    /** Ends the recording soon, from any thread. */
    public void stop() {
        sampler.stop();
    }

    /** Waits for the end up to so long; whether it has come. */
    public boolean await(long millis) throws InterruptedException {
        samplerThread.join(millis);
        return !samplerThread.isAlive();
    }

    /** Why it ended. */
    public Sampler.End end() {
        return sampler.end();
    }

    /** What was recorded, once {@link #await} said that it ended. */
    public Profile profile(List<String> notes) throws InterruptedException {
        endNanos = System.nanoTime();
        drain.finish();
        drainThread.join();
        cpuNanos = clock.processCpuNanos() - startCpuNanos;
        return new Profile(
                Version.NUMBER,
                List.of(target()),
                start,
                endNanos - startNanos,
                frames,
                trie,
                drain.logs(),
                accuracy(),
                notes,
                options.threadFrames(),
                false);
    }

    // internals

    private Target target() {
        String commandLine;
        String executable;
        try {
            commandLine = String.join(" ", attachment.process().commandLine());
            executable = attachment.process().executable();
        } catch (IOException ended) {
            commandLine = "";
            executable = "";
        }
        return new Target(
                attachment.process().pid(),
                commandLine,
                attachment.runtime().version().toString(),
                executable);
    }

    private Accuracy accuracy() {
        long wall = endNanos - startNanos;
        AccuracyBuilder accuracy = Accuracy.builder();
        drain.report(accuracy);
        boolean proves = !options.nonblocking() && attachment.proof() instanceof Capability.Yes;
        return accuracy.rateAskedHz(options.rateHz())
                .rateReachedHz(counters.get(SampleCounters.SAMPLES) * 1e9 / wall)
                .retried(counters.get(SampleCounters.RETRIED))
                .lost(counters.get(SampleCounters.LOST))
                .late(counters.get(SampleCounters.LATE))
                .missed(counters.get(SampleCounters.MISSED))
                .errors(counters.get(SampleCounters.ERRORS))
                .cpuNanos(cpuNanos)
                .wallNanos(wall)
                .provedHow(proves ? "own core (rseq)" : "")
                .build();
    }
}
