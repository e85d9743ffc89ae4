package jspy.sample;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.os.Linux;
import jspy.process.CoreSeat;
import jspy.python.CodeIdentity;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a proved sample (read, proof, walk) costs beside the bare system call with the same list of
 * ranges, in turn with the C program that makes it: {@code tools/bench/readloop}.
 */
public final class ReadLoop {
    private static final int WARM_READS = 40_000;
    private static final long ROUND_MILLIS = 300;

    private ReadLoop() {}

    /** The target's memory, which remembers the last list that was read from its start. */
    private static final class Seen implements TargetMemory {
        private final TargetMemory memory;
        private String list = "";
        private boolean looks;

        Seen(TargetMemory memory) {
            this.memory = memory;
        }

        @Override
        public int read(long address, MemorySegment into, long offset, int lengthBytes) {
            return memory.read(address, into, offset, lengthBytes);
        }

        @Override
        public String how() {
            return memory.how();
        }

        @Override
        public void close() {
            memory.close();
        }

        @Override
        public int readAll(ReadList ranges, int first) {
            if (looks && first == 0) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < ranges.count(); i++) {
                    text.append(Long.toUnsignedString(ranges.address(i)));
                    text.append(' ').append(ranges.lengthBytes(i)).append('\n');
                }
                list = text.toString();
            }
            return memory.readAll(ranges, first);
        }
    }

    /** Process id, the C program, a file for the list, rounds. */
    public static void main(String[] arguments) throws Exception {
        int pid = Integer.parseInt(arguments[0]);
        Path list = Path.of(arguments[2]);
        int rounds = Integer.parseInt(arguments[3]);
        Attachment attachment = Attachment.to(pid);
        Seen memory = new Seen(attachment.steadyMemory());
        CodeTable codes = new CodeTable(new CodeIdentity(attachment.runtime().offsets()));
        StackSource reader =
                attachment.reader(
                        memory,
                        GilDomain.all(memory, attachment.runtime()),
                        new CoreSeat(Linux.steady()),
                        codes,
                        new SampleCounters(),
                        ReadMode.OWN_CORE);
        for (int i = 0; i < WARM_READS; i++) {
            reader.read();
        }
        memory.looks = true;
        reader.read();
        memory.looks = false;
        Files.writeString(list, memory.list);
        int depth = 0;
        for (int i = 0; i < reader.stacks().count(); i++) {
            depth += reader.stacks().thread(i).depth();
        }
        System.out.printf(
                "CPython %s, %d frames, %d ranges%n",
                attachment.runtime().version(), depth, memory.list.lines().count());
        double[] ratios = new double[rounds];
        double[] ours = new double[rounds];
        double[] floor = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            ours[i] = nanosARead(reader);
            floor[i] = nanosACall(arguments[1], pid, list);
            ratios[i] = ours[i] / floor[i];
        }
        System.out.printf(
                "CPU: jspy %.0f ns a sample, C %.0f ns a call, ratio %.2f (medians of %d rounds;"
                        + " ratio %.2f to %.2f)%n",
                median(ours),
                median(floor),
                median(ratios),
                rounds,
                Arrays.stream(ratios).min().orElseThrow(),
                Arrays.stream(ratios).max().orElseThrow());
    }

    // internals

    private static double nanosARead(StackSource reader) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long end = System.nanoTime() + ROUND_MILLIS * 1_000_000;
        long begin = threads.getCurrentThreadCpuTime();
        long reads = 0;
        long proved = 0;
        while (System.nanoTime() < end) {
            proved += reader.read() == StackSource.PROVED ? 1 : 0;
            reads++;
        }
        if (proved < reads * 0.9) {
            throw new IllegalStateException("proved: %d of %d".formatted(proved, reads));
        }
        return (double) (threads.getCurrentThreadCpuTime() - begin) / reads;
    }

    private static double nanosACall(String program, int pid, Path list)
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                program,
                                Integer.toString(pid),
                                list.toString(),
                                Long.toString(ROUND_MILLIS))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String said = process.inputReader().readLine();
        if (process.waitFor() != 0) {
            throw new IllegalStateException("the C program failed");
        }
        return Double.parseDouble(said.split(" ")[1]);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
