package jspy.sample;

import jspy.os.Linux;
import jspy.process.CoreSeat;
import jspy.python.CodeIdentity;

import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * How long a sample takes that stops the thread it reads ({@code --blocking}), by the clock: from
 * before the stop to after it, which is more than the thread stands. The process must not be a
 * child of this one.
 */
public final class StopLoop {
    private static final int WARM_READS = 5_000;
    private static final int READS = 5_000;
    private static final long PAUSE_NANOS = 200_000;

    private StopLoop() {}

    /** Process id. */
    public static void main(String[] arguments) throws Exception {
        Attachment attachment = Attachment.to(Integer.parseInt(arguments[0]));
        var memory = attachment.steadyMemory();
        StackSource reader =
                attachment.reader(
                        memory,
                        GilDomain.all(memory, attachment.runtime()),
                        new CoreSeat(Linux.steady()),
                        new CodeTable(new CodeIdentity(attachment.runtime().offsets())),
                        new SampleCounters(),
                        ReadMode.STOPPED);
        Linux.steady().setTimerSlack(1);
        long[] nanos = new long[READS];
        int proved = 0;
        for (int i = 0; i < WARM_READS + READS; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
            long begin = System.nanoTime();
            int status = reader.read();
            long taken = System.nanoTime() - begin;
            if (i >= WARM_READS) {
                nanos[i - WARM_READS] = taken;
                proved += status == StackSource.PROVED ? 1 : 0;
            }
        }
        reader.close();
        Arrays.sort(nanos);
        System.out.printf(
                "--blocking, CPython %s: %d of %d proved; by the clock p10 %d, p50 %d, p90 %d µs%n",
                attachment.runtime().version(),
                proved,
                READS,
                nanos[READS / 10] / 1000,
                nanos[READS / 2] / 1000,
                nanos[READS * 9 / 10] / 1000);
    }
}
