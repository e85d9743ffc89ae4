package jspy.testing;

import jspy.profile.Accuracy;
import jspy.sample.Attachment;
import jspy.sample.ReadMode;
import jspy.sample.SampleCounters;
import jspy.sample.ThreadFilter;

import java.util.List;
import java.util.Locale;

/**
 * A program whose possible stacks are known, and what the proved sample and the naive reader find
 * in it.
 *
 * @param share the true share of the time, in percent, of the stacks with the function {@code
 *     shareOf} in those with it or {@code against}; 0 where no share is known
 */
public record Oracle(
        String program, String argument, String shareOf, String against, double share) {
    public static final List<Oracle> ALL =
            List.of(
                    of("flutter"),
                    new Oracle("truth", "short", "a00", "b00", 70),
                    new Oracle("truth", "long", "a00", "b00", 70),
                    of("four_threads"),
                    of("sleepers"),
                    of("hashing"),
                    of("weave"),
                    of("callbacks"),
                    of("recursion"));

    /** For so long the naive reader tries to tear many stacks, and so long to tear one. */
    private static final long NAIVE_NANOS = 3_000_000_000L;

    private static final long NAIVE_PATIENCE_NANOS = 20_000_000_000L;

    /** Once it has so many impossible stacks it has made its point. */
    private static final int NAIVE_ENOUGH = 20;

    /**
     * What the proved sample found.
     *
     * @param impossible stacks, among those not marked, that the program cannot have
     * @param example one of them, with the reason, or null
     * @param share of the stacks, in percent; NaN where none is known
     */
    public record Found(
            long proved,
            Accuracy accuracy,
            long impossible,
            String example,
            double share,
            long shareStacks) {
        public double provedPercent() {
            return accuracy.provedPercent();
        }
    }

    /**
     * What the naive reader found.
     *
     * @param notTried why it was not tried, or null
     */
    public record Naive(long stacks, long impossible, String example, String notTried) {
        public String toString() {
            return notTried != null
                    ? "naive reader not tried: " + notTried
                    : String.format(Locale.ROOT, "naive %,d of %,d", impossible, stacks);
        }
    }

    /** Runs the program. */
    public LivePython start(Python python) throws Exception {
        return argument.isEmpty()
                ? Program.named(program).start(python)
                : Program.named(program).start(python, argument);
    }

    /** The same, to be stopped by ptrace. */
    public LivePython startTraceable(Python python) throws Exception {
        return argument.isEmpty()
                ? Program.named(program).startTraceable(python)
                : Program.named(program).startTraceable(python, argument);
    }

    /** Records it as jspy does. */
    public Found record(LivePython target, double rateHz, int samples) throws Exception {
        return record(target, rateHz, ReadMode.OWN_CORE, samples);
    }

    /** The same, read in this way. */
    public Found record(LivePython target, double rateHz, ReadMode mode, int samples)
            throws Exception {
        return record(Attachment.to(target.target()), rateHz, mode, samples);
    }

    /** The same where the program is not what the test started. */
    public Found record(Attachment target, double rateHz, int samples) throws Exception {
        return record(target, rateHz, ReadMode.OWN_CORE, samples);
    }

    private Found record(Attachment target, double rateHz, ReadMode mode, int samples)
            throws Exception {
        CallGraph graph = Program.named(program).graph();
        Recorded recorded = Recorded.samples(target, rateHz, ThreadFilter.ALL, mode, samples);
        long impossible = 0;
        long with = 0;
        long without = 0;
        String example = null;
        for (SeenStack stack : recorded.stacks()) {
            if (stack.isMarked()) {
                continue;
            }
            String reason = impossible(graph, stack);
            if (reason != null) {
                impossible += stack.samples();
                example = reason;
            }
            with += share != 0 && stack.has(shareOf) ? stack.samples() : 0;
            without += share != 0 && stack.has(against) ? stack.samples() : 0;
        }
        return new Found(
                recorded.counters().get(SampleCounters.PROVED),
                recorded.profile().accuracy(),
                impossible,
                example,
                100.0 * with / (with + without),
                with + without);
    }

    /** Reads it naively, each on a core of its own. Leaves the program bound to its core. */
    public Naive readNaively(LivePython target) throws Exception {
        List<Integer> cores = Cores.allowed();
        if (cores.size() < 2) {
            return new Naive(0, 0, null, "it needs two cores");
        }
        if (!Cores.pin(target.pid(), cores.get(0))) {
            return new Naive(0, 0, null, "taskset is missing");
        }
        CallGraph graph = Program.named(program).graph();
        NaiveReader reader =
                new NaiveReader(Attachment.to(target.target()).runtime(), target.pid());
        return Cores.on(
                cores.get(1),
                () -> {
                    long start = System.nanoTime();
                    long stacks = 0;
                    long impossible = 0;
                    String example = null;
                    while (impossible < NAIVE_ENOUGH
                            && System.nanoTime() - start
                                    < (impossible == 0 ? NAIVE_PATIENCE_NANOS : NAIVE_NANOS)) {
                        for (var frames : reader.read()) {
                            String reason = graph.impossible(frames);
                            stacks++;
                            impossible += reason != null ? 1 : 0;
                            example = reason != null ? reason : example;
                        }
                    }
                    return new Naive(stacks, impossible, example, null);
                });
    }

    @Override
    public String toString() {
        return argument.isEmpty() ? program : program + " " + argument;
    }

    // internals

    private static Oracle of(String program) {
        return new Oracle(program, "", "", "", 0);
    }

    /** Threads of four_threads are called as the function that they run. */
    private static String impossible(CallGraph graph, SeenStack stack) {
        String name = stack.thread().threadName();
        if (name != null && name.startsWith("compute") && stack.frames().size() > 3) {
            if (!stack.has(name)) {
                return "thread " + name + " has " + stack.labels();
            }
        }
        return graph.impossible(stack.frames());
    }
}
