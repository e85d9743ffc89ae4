package jspy.sample;

import jspy.os.Linux;
import jspy.os.LinuxKernel;
import jspy.process.CoreSeat;
import jspy.process.TargetProcess;
import jspy.profile.Accuracy;
import jspy.profile.AccuracyBuilder;
import jspy.profile.LiveUpdate;
import jspy.profile.Profile;
import jspy.profile.Target;
import jspy.python.CodeDecoder;
import jspy.python.CodeIdentity;
import jspy.python.PythonRuntime;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One recording, from the first tick to the profile: a sampler thread, a drain thread, the ring
 * between them. {@link #start}, then {@link #await} or {@link #stop}, then {@link #profile}.
 */
public final class Recording {
    /**
     * What is recorded and how.
     *
     * @param subprocesses children of the process too, as they come
     * @param natives native frames too; threads that run are stopped for each sample then
     * @param nativeThreads threads without Python too, where native frames are read
     */
    public record Options(
            double rateHz,
            long durationNanos,
            ThreadFilter filter,
            LineStyle lines,
            boolean fullFilenames,
            boolean timed,
            ReadMode mode,
            boolean threadFrames,
            boolean subprocesses,
            NativeMode natives,
            boolean nativeThreads) {
        /** As py-spy's defaults: 100 Hz, until stopped, active threads, current lines. */
        public static Options defaults() {
            return new Options(
                    100,
                    UNLIMITED,
                    ThreadFilter.ACTIVE,
                    LineStyle.CURRENT,
                    false,
                    true,
                    ReadMode.OWN_CORE,
                    false,
                    false);
        }

        /** Without native frames. */
        public Options(
                double rateHz,
                long durationNanos,
                ThreadFilter filter,
                LineStyle lines,
                boolean fullFilenames,
                boolean timed,
                ReadMode mode,
                boolean threadFrames,
                boolean subprocesses) {
            this(
                    rateHz,
                    durationNanos,
                    filter,
                    lines,
                    fullFilenames,
                    timed,
                    mode,
                    threadFrames,
                    subprocesses,
                    NativeMode.NONE,
                    false);
        }

        /** The same with native frames. */
        public Options with(NativeMode wanted, boolean plainThreads) {
            return new Options(
                    rateHz,
                    durationNanos,
                    filter,
                    lines,
                    fullFilenames,
                    timed,
                    mode,
                    threadFrames,
                    subprocesses,
                    wanted,
                    plainThreads);
        }

        /** Whether threads are stopped: then the program must not be a child of jspy's. */
        public boolean traces() {
            return mode == ReadMode.STOPPED || natives != NativeMode.NONE;
        }
    }

    /** A sampler that has not ended so long after it was asked to does not. */
    private static final long STUCK_NANOS = 5_000_000_000L;

    /** A duration that does not end. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Processes between two that are sampled. */
    private static final int MAX_DEPTH = 64;

    /** 1 MB: more than 2 s of 50 changed frames at 1 kHz, if the drain stood still so long. */
    private static final int RING_LONGS = 1 << 17;

    private static final int FAST_RING_LONGS = 1 << 19;
    private static final double FAST_HZ = 2000;

    private final Options options;
    private final SampleCounters counters = new SampleCounters();
    private final Instant start = Instant.now();
    private final long startNanos = System.nanoTime();
    private final LinuxKernel clock = new Linux();
    private final long startCpuNanos = clock.processCpuNanos();
    private final SpscRing ring;
    private final Tally tally;
    private final Drain drain;
    private final LinuxKernel samplerKernel = Linux.steady();
    private final CoreSeat seat = new CoreSeat(samplerKernel);
    private final Sampler sampler;
    private final Thread drainThread;
    private final Thread samplerThread;
    private final List<Target> targets = new ArrayList<>();
    private final List<NativeSampling> natives = new ArrayList<>();
    private final LinuxKernel drainClock = new Linux(); // each belongs to one thread
    private final LiveSeam live;
    private volatile long stopNanos; // when the end was asked for, 0: not yet
    private ProcessWatch watch;
    private Thread watchThread;
    private String provedHow = "";

    private Recording(Options options) {
        this.options = options;
        ring = new SpscRing(options.rateHz() < FAST_HZ ? RING_LONGS : FAST_RING_LONGS);
        drain = new Drain(ring);
        tally =
                new Tally(
                        options.filter(),
                        options.timed(),
                        startNanos,
                        options.natives() != NativeMode.NONE);
        long end =
                options.durationNanos() == UNLIMITED
                        ? Long.MAX_VALUE
                        : startNanos + options.durationNanos();
        sampler = new Sampler(samplerKernel, drain, counters, options.rateHz(), startNanos, end);
        live = new LiveSeam(tally, this::accuracySoFar);
        drainThread = Thread.ofPlatform().name("jspy-drain").daemon().unstarted(drain);
        samplerThread = Thread.ofPlatform().name("jspy-sampler").daemon().unstarted(sampler);
    }

    /** Begins to sample. */
    public static Recording start(Attachment attachment, Options options) throws IOException {
        Recording recording = new Recording(options);
        ProcessSampler first = recording.add(attachment);
        recording.watch =
                new ProcessWatch(
                        recording, recording.sampler, attachment, first, options.subprocesses());
        recording.sampler.waitForMore(true);
        recording.watchThread =
                Thread.ofPlatform().name("jspy-watch").daemon().start(recording.watch);
        recording.drainThread.start();
        recording.samplerThread.start();
        return recording;
    }

    /** Samples one more process, from the next tick on. */
    synchronized ProcessSampler add(Attachment attachment) throws IOException {
        ProcessSampler process = sampled(attachment);
        targets.add(target(attachment));
        sampler.add(process);
        return process;
    }

    /** A sampler for the interpreters that the process has now takes the place of another one. */
    synchronized ProcessSampler renew(ProcessSampler before) throws IOException {
        ProcessSampler process = before.interpreters().sampler();
        provedHow = process.reader().provedHow();
        before.drop();
        sampler.add(process);
        return process;
    }

    /** Counts so far, for a progress line. */
    public SampleCounters counters() {
        return counters;
    }

    public long elapsedNanos() {
        return System.nanoTime() - startNanos;
    }

    /**
     * For a live view: what was seen since the last call, until {@link #profile} is called. One
     * thread.
     *
     * @return null when the drain did not answer within this time; the next call has it then
     */
    public LiveUpdate live(long millis) throws InterruptedException {
        drain.answer(live);
        return live.next(drain, millis);
    }

    /** The processes so far. */
    public synchronized List<Target> targets() {
        return List.copyOf(targets);
    }

    /** When it began, by the wall clock. */
    public Instant start() {
        return start;
    }

    /** Ends the recording soon, from any thread. */
    public void stop() {
        sampler.stop();
        stopNanos = Math.max(1, System.nanoTime());
    }

    /** Waits for the end up to so long; whether it has come. */
    public boolean await(long millis) throws InterruptedException {
        samplerThread.join(millis);
        return !samplerThread.isAlive() || isStuck();
    }

    /** Why it ended. */
    public Sampler.End end() {
        return sampler.end();
    }

    /** What was recorded, once {@link #await} said that it ended. */
    public synchronized Profile profile(List<String> notes) throws InterruptedException {
        long wallNanos = System.nanoTime() - startNanos;
        watch.stop();
        watchThread.interrupt();
        drain.finish();
        drainThread.join();
        if (!samplerThread.isAlive()) {
            natives.forEach(NativeSampling::close);
            natives.clear();
        }
        Accuracy accuracy = accuracy(wallNanos, clock.processCpuNanos() - startCpuNanos);
        return profile(targets, wallNanos, accuracy, notes);
    }

    /**
     * What was recorded so far, while the recording goes on: a copy, which the drain makes when it
     * comes by. Empty when it did not come within this time.
     */
    public Optional<Profile> profileSoFar(List<String> notes, long millis)
            throws InterruptedException {
        List<Target> now = targets(); // not on the drain thread, which must not wait
        return drain.ask(() -> profile(now, elapsedNanos(), accuracySoFar(), notes).copy(), millis);
    }

    // internals

    private Profile profile(
            List<Target> of, long wallNanos, Accuracy accuracy, List<String> notes) {
        return new Profile(
                Version.NUMBER,
                of,
                start,
                wallNanos,
                tally.frames,
                tally.trie,
                tally.logs(),
                accuracy,
                notes,
                options.threadFrames(),
                options.subprocesses());
    }

    /**
     * A stop that a thread of the target does not come to holds the sampler: nobody is kept waiting
     * for it.
     */
    private boolean isStuck() {
        long now = System.nanoTime();
        if (now - startNanos > options.durationNanos() && stopNanos == 0) {
            stop();
        }
        return stopNanos != 0 && now - stopNanos > STUCK_NANOS;
    }

    private ProcessSampler sampled(Attachment attachment) throws IOException {
        PythonRuntime runtime = attachment.runtime();
        CodeIdentity identity = new CodeIdentity(runtime.offsets());
        CodeTable codes = new CodeTable(identity);
        UnaryOperator<String> shorten =
                options.fullFilenames() ? UnaryOperator.identity() : attachment.shortNames();
        CodeDecoder decoder = new CodeDecoder(runtime.offsets(), runtime.version());
        FrameNames names = new FrameNames(codes, decoder, tally.frames, options.lines(), shorten);
        NativeSampling sampling = null;
        if (options.natives() != NativeMode.NONE) {
            sampling = new NativeSampling(attachment, options.filter(), options.nativeThreads());
            natives.add(sampling);
            names.nativeFrames(sampling.frames(tally.frames, options.natives()));
        }
        DrainedProcess drained =
                new DrainedProcess(
                        attachment.process().pid(),
                        tally,
                        names,
                        new LiveThreads(attachment, attachment.memory(), Linux.steady()),
                        new CodeGuard(attachment.steadyMemory(), identity, codes));
        ProcessSampler process =
                new InterpreterWatch(
                                attachment,
                                seat,
                                codes,
                                counters,
                                options.mode(),
                                sampling,
                                ring,
                                drain.addStream(drained))
                        .sampler();
        provedHow = process.reader().provedHow();
        return process;
    }

    private Target target(Attachment attachment) {
        TargetProcess process = attachment.process();
        String commandLine;
        String executable;
        try {
            commandLine = String.join(" ", process.commandLine());
            executable = process.executable();
        } catch (IOException ended) {
            commandLine = "";
            executable = "";
        }
        return new Target(
                process.pid(),
                sampledAbove(process),
                commandLine,
                attachment.runtime().version().toString(),
                executable);
    }

    /** The nearest process above that is sampled; 0: none. What lies between is no Python. */
    private int sampledAbove(TargetProcess process) {
        try {
            int above = process.stat().parentPid();
            for (int depth = 0; above > 1 && depth < MAX_DEPTH; depth++) {
                for (Target target : targets) {
                    if (target.pid() == above) {
                        return above;
                    }
                }
                above = TargetProcess.of(process.proc(), above).stat().parentPid();
            }
        } catch (IOException ended) {
            // then nobody knows
        }
        return 0;
    }

    private Accuracy accuracySoFar() {
        return accuracy(
                System.nanoTime() - startNanos, drainClock.processCpuNanos() - startCpuNanos);
    }

    private Accuracy accuracy(long wallNanos, long cpuNanos) {
        AccuracyBuilder accuracy = Accuracy.builder();
        tally.report(accuracy);
        // of one process every tick is a sample at most, of several a tick is many
        long reached =
                Math.min(counters.get(SampleCounters.SAMPLES), counters.get(SampleCounters.TICKS));
        return accuracy.rateAskedHz(options.rateHz())
                .rateReachedHz(reached * 1e9 / wallNanos)
                .retried(counters.get(SampleCounters.RETRIED))
                .lost(counters.get(SampleCounters.LOST))
                .late(counters.get(SampleCounters.LATE))
                .missed(counters.get(SampleCounters.MISSED))
                .errors(counters.get(SampleCounters.ERRORS))
                .cpuNanos(cpuNanos)
                .wallNanos(wallNanos)
                .provedHow(provedHow)
                .build();
    }
}
