package jspy.testing;

import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.sample.Attachment;
import jspy.sample.LineStyle;
import jspy.sample.ReadMode;
import jspy.sample.Recording;
import jspy.sample.SampleCounters;
import jspy.sample.ThreadFilter;

import java.util.List;

/**
 * A recording that counts what it costs once warm; also a program of its own, to be run under
 * strace.
 */
public final class TracedRecording {
    private static final int WARM_MILLIS = 1000;

    /** Where others keep the cores busy a recording goes on until it has seen as much. */
    private static final int LEAST_SAMPLES = 100;

    private static final int PATIENCE_MILLIS = 30_000;

    private TracedRecording() {}

    /**
     * Counted after the first second, but for {@code allReads}.
     *
     * @param proved samples that were
     * @param allReads of the sampler, from the start on
     */
    public record Counts(long samples, long proved, long reads, long allReads) {
        public double readsPerSample() {
            return (double) reads / samples;
        }

        public double provedPercent() {
            return 100.0 * proved / samples;
        }
    }

    /** Prints counts as {@code samples proved reads allReads}; arguments: pid, rate, ms. */
    public static void main(String[] args) throws Exception {
        Counts counts =
                record(
                        Integer.parseInt(args[0]),
                        Double.parseDouble(args[1]),
                        Integer.parseInt(args[2]));
        System.out.printf(
                "%d %d %d %d%n",
                counts.samples(), counts.proved(), counts.reads(), counts.allReads());
    }

    /** Records for so long after it is warm. */
    public static Counts record(int pid, double rateHz, int millis) throws Exception {
        Recording.Options options =
                new Recording.Options(
                        rateHz,
                        Recording.UNLIMITED,
                        ThreadFilter.ALL,
                        LineStyle.CURRENT,
                        false,
                        true,
                        ReadMode.OWN_CORE,
                        false,
                        false);
        Attachment attachment = Attachment.to(TargetProcess.of(ProcFiles.system(), pid));
        Recording recording = Recording.start(attachment, options);
        SampleCounters counters = recording.counters();
        sleep(counters, WARM_MILLIS);
        long samples = counters.get(SampleCounters.SAMPLES);
        long proved = counters.get(SampleCounters.PROVED);
        long reads = counters.get(SampleCounters.READS);
        sleep(counters, millis);
        Counts counts =
                new Counts(
                        counters.get(SampleCounters.SAMPLES) - samples,
                        counters.get(SampleCounters.PROVED) - proved,
                        counters.get(SampleCounters.READS) - reads,
                        counters.get(SampleCounters.READS));
        recording.stop();
        recording.await(0);
        recording.profile(List.of());
        return counts;
    }

    // internals

    private static void sleep(SampleCounters counters, int millis) throws InterruptedException {
        long enough = counters.get(SampleCounters.SAMPLES) + LEAST_SAMPLES;
        Thread.sleep(millis);
        for (int more = 0; counters.get(SampleCounters.SAMPLES) < enough; more += 100) {
            if (more >= PATIENCE_MILLIS) {
                throw new AssertionError("not " + LEAST_SAMPLES + " samples in half a minute");
            }
            Thread.sleep(100);
        }
    }
}
