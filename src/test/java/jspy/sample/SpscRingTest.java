package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.Random;

class SpscRingTest {
    @Test
    void recordsComeOutAsTheyWentInAcrossTheEndOfTheRing() {
        SpscRing ring = new SpscRing(64);
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            int longs = 1 + random.nextInt(30);
            write(ring, longs, i);
            long position = ring.poll();
            check(ring, position, longs, i);
            ring.release(position);
            assertEquals(-1, ring.poll());
        }
    }

    @Test
    void aFullRingRefusesAndKeepsWhatItHas() {
        SpscRing ring = new SpscRing(16);
        write(ring, 8, 1);
        write(ring, 8, 2);
        assertEquals(SpscRing.FULL, ring.claim(1));
        long position = ring.poll();
        check(ring, position, 8, 1);
        ring.release(position);
        write(ring, 8, 3);
        assertEquals(SpscRing.FULL, ring.claim(1));
        for (int n = 2; n <= 3; n++) {
            position = ring.poll();
            check(ring, position, 8, n);
            ring.release(position);
        }
        assertEquals(-1, ring.poll());
    }

    @Test
    void aRecordThatDoesNotFitBehindTheLastOneNeedsRoomAtTheFront() {
        SpscRing ring = new SpscRing(16);
        write(ring, 10, 1);
        assertEquals(SpscRing.FULL, ring.claim(8)); // six are left, and ten lie at the front
        long position = ring.poll();
        ring.release(position);
        write(ring, 8, 2);
        position = ring.poll();
        check(ring, position, 8, 2);
    }

    @Test
    void whatIsClaimedIsNotSeenBeforeItIsCommitted() {
        SpscRing ring = new SpscRing(16);
        assertNotEquals(SpscRing.FULL, ring.claim(3));
        assertEquals(-1, ring.poll());
        ring.commit();
        assertTrue(ring.poll() >= 0);
    }

    @Test
    void aRecordLargerThanTheRingIsRefusedForGood() {
        SpscRing ring = new SpscRing(16);
        assertEquals(SpscRing.FULL, ring.claim(17));
        write(ring, 16, 5);
        check(ring, ring.poll(), 16, 5);
    }

    @Test
    void aCapacityThatIsNoPowerOfTwoIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new SpscRing(48));
    }

    @Test
    @Timeout(120)
    void twoThreadsLoseNothingAndMixNothingUp() throws InterruptedException {
        SpscRing ring = new SpscRing(1 << 10);
        int records = 200_000;
        Thread producer =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    Random random = new Random(11);
                                    for (int i = 0; i < records; i++) {
                                        int longs = 2 + random.nextInt(60);
                                        while (!tryWrite(ring, longs, i)) {
                                            Thread.yield();
                                        }
                                    }
                                });
        Random random = new Random(11);
        for (int i = 0; i < records; i++) {
            long position = ring.poll();
            while (position < 0) {
                Thread.yield();
                position = ring.poll();
            }
            check(ring, position, 2 + random.nextInt(60), i);
            ring.release(position);
        }
        producer.join();
        assertEquals(-1, ring.poll());
    }

    // internals

    private static void write(SpscRing ring, int longs, long value) {
        assertTrue(tryWrite(ring, longs, value));
    }

    private static boolean tryWrite(SpscRing ring, int longs, long value) {
        long position = ring.claim(longs);
        if (position == SpscRing.FULL) {
            return false;
        }
        for (int i = 1; i < longs; i++) {
            ring.put(position, i, value * 1000 + i);
        }
        ring.commit();
        return true;
    }

    private static void check(SpscRing ring, long position, int longs, long value) {
        assertTrue(position >= 0);
        assertEquals(longs, ring.get(position, 0));
        for (int i = 1; i < longs; i++) {
            assertEquals(value * 1000 + i, ring.get(position, i));
        }
    }
}
