package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Random;

final class ThreadLogTest {
    @Test
    void sampleTakesLessThanEightBytesAtHundredHertz() {
        ThreadLog log = ThreadLog.timed(1, 2, 3);
        Random random = new Random(1);
        long nowNanos = 0;
        for (int i = 0; i < 100_000; i++) {
            long gapNanos = (long) (-Math.log(1 - random.nextDouble()) * 10_000_000);
            nowNanos += gapNanos;
            log.append(random.nextInt(5_000), nowNanos, gapNanos);
        }
        double bytes = log.log().orElseThrow().sizeBytes() / 100_000.0;
        assertTrue(bytes < 8, bytes + " bytes a sample");
    }

    @Test
    void countsOnlyKeepsNoTimes() {
        ThreadLog log = ThreadLog.countsOnly(1, 2, 3);
        log.append(7, 100, 40);
        log.append(7, 200, 60);
        log.append(3, 300, 5);
        assertTrue(log.log().isEmpty());
        assertEquals(3, log.samples());
        assertEquals(105, log.weightNanos());
        assertArrayEquals(new int[] {3, 7}, log.counts().nodes());
        assertEquals(2, log.counts().samples(7));
        assertEquals(100, log.counts().weightNanos(7));
        assertEquals(0, log.counts().samples(4));
    }

    @Test
    void nameComesLateAndMayChange() {
        ThreadLog log = ThreadLog.timed(1, 2, 3);
        log.append(1, 10, 10);
        assertNull(log.threadName());
        log.setName("Thread-1");
        log.setName("worker");
        assertEquals("worker", log.threadName());
    }

    @Test
    void threadWithoutSystemNumberIsShownByItsIdent() {
        assertEquals("17", ThreadLog.timed(1, 17, 0x7fAB).shownId());
        assertEquals("0x7FAB", ThreadLog.timed(1, 0, 0x7fAB).shownId());
    }
}
