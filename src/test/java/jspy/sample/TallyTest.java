package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.ThreadLog;

import org.junit.jupiter.api.Test;

class TallyTest {
    private final Tally tally = new Tally(ThreadFilter.ALL, false, 0);

    @Test
    void aThreadThatComesBackGoesOnInItsLog() {
        ThreadLog first = tally.log(1, 10, 100);
        assertNotSame(first, tally.log(1, 11, 100));
        assertSame(first, tally.log(1, 10, 100));
    }

    @Test
    void aThreadForEveryRequestDoesNotFillTheMemory() {
        for (int i = 1; i <= 3 * Tally.MAX_LOGS; i++) {
            tally.log(i % 2 + 1, i, i);
        }
        assertEquals(Tally.MAX_LOGS + 2, tally.logs().size()); // one of many a process
        ThreadLog shared = tally.log(1, 1_000_000, 1_000_000);
        assertTrue(Tally.isShared(shared));
        assertEquals("(other threads)", shared.threadName());
        assertFalse(Tally.isShared(tally.log(2, 1, 1)), "the first ones have their own");
    }
}
