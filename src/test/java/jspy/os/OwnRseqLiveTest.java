package jspy.os;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The area misses no switch that the kernel counts, and hardly shows one that was none: now and
 * then the kernel takes the address out on its way back from other work ({@code
 * resume_user_mode_work}), for which a sample is read again.
 */
class OwnRseqLiveTest {
    private static final int LEAST_SWITCHED = 20;
    private static final int LEAST_KEPT = 1000;
    private static final int LEAST_KEPT_PER_FALSE_ALARM = 10;
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long MASK_BYTES = 1024;
    private static final long SPIN_NANOS = 200_000;

    private final Linux kernel = Linux.steady();
    private final MemorySegment usage = Arena.ofAuto().allocate(LinuxKernel.Rusage.SIZE_BYTES, 8);
    private OwnRseq own;
    private volatile int core;

    @BeforeEach
    void find() {
        own = OwnRseq.ofThisThread(kernel);
        String reason = "the C library registers no rseq area here, or this is no x86-64";
        if (own == null) {
            System.out.println("skipped: " + reason);
        }
        Assumptions.assumeTrue(own != null, reason);
    }

    @Test
    void aSleepIsSeen() {
        own.begin();
        kernel.sleepUntil(kernel.monotonicNanos() + 1_000_000);
        assertFalse(own.kept());
        assertFalse(own.kept());
        assertNotNull(OwnRseq.ofThisThread(kernel), "it may be asked for again");
    }

    @Test
    void whatTheKernelCountedIsSeenAndHardlyAnythingElse() throws InterruptedException {
        MemorySegment mask = Arena.ofAuto().allocate(MASK_BYTES, 8);
        assertTrue(kernel.getAffinity(mask.address(), MASK_BYTES) >= 0);
        core = kernel.currentCore();
        sit(kernel);
        Thread rival = new Thread(this::spin, "rival on the same core");
        rival.setDaemon(true);
        rival.start();
        int switched = 0;
        int kept = 0;
        int falseAlarms = 0;
        try {
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while ((switched < LEAST_SWITCHED || kept < LEAST_KEPT)
                    && System.nanoTime() < deadline) {
                long outerBefore = switches();
                own.begin();
                long before = switches();
                long until = System.nanoTime() + (switched < LEAST_SWITCHED ? SPIN_NANOS : 0);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                long after = switches();
                boolean isKept = own.kept();
                long outerAfter = switches();
                assertTrue(before == after || !isKept, "a switch that the area does not show");
                switched += before == after ? 0 : 1;
                kept += isKept ? 1 : 0;
                falseAlarms += outerBefore == outerAfter && !isKept ? 1 : 0;
            }
        } finally {
            rival.interrupt();
            rival.join();
            kernel.setAffinity(mask.address(), MASK_BYTES);
        }
        System.out.printf(
                "own rseq: %d times switched, %d times not, %d false alarms%n",
                switched, kept, falseAlarms);
        assertTrue(
                falseAlarms * LEAST_KEPT_PER_FALSE_ALARM <= kept,
                falseAlarms + " switches that were none, " + kept + " times kept");
        assertTrue(switched >= LEAST_SWITCHED && kept >= LEAST_KEPT, switched + ", " + kept);
    }

    // internals

    private void sit(LinuxKernel by) {
        MemorySegment one = Arena.ofAuto().allocate(MASK_BYTES, 8);
        one.set(ValueLayout.JAVA_BYTE, core >> 3, (byte) (1 << (core & 7)));
        assertTrue(by.setAffinity(one.address(), MASK_BYTES) >= 0);
    }

    private void spin() {
        sit(Linux.steady());
        while (!Thread.interrupted()) {
            Thread.onSpinWait();
        }
    }

    private long switches() {
        kernel.threadUsage(usage.address());
        return usage.get(ValueLayout.JAVA_LONG, LinuxKernel.Rusage.VOLUNTARY_SWITCHES)
                + usage.get(ValueLayout.JAVA_LONG, LinuxKernel.Rusage.INVOLUNTARY_SWITCHES);
    }
}
