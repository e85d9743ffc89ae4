package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** How much of a stack is copied follows what was used of it. */
class NativeThreadTest {
    private static final int COPIED = 24 << 10;

    @Test
    void stackThatNearlyFillsTheCopyGetsMore() {
        assertEquals(COPIED + 3072, NativeThread.nextBytes(COPIED, COPIED - 1024));
    }

    @Test
    void largeStackIsForgottenSlowly() {
        int next = NativeThread.nextBytes(COPIED, 100);
        assertTrue(next < COPIED && next > COPIED * 9 / 10, next + " bytes");
    }

    /**
     * The last frame lies on the interrupted stack, terabytes away: then nothing is to be learnt.
     */
    @Test
    void handlerOnAStackOfItsOwnChangesNothing() {
        assertEquals(COPIED, NativeThread.nextBytes(COPIED, 0x7ffc_1234_5678L - 0x7f00_0000_1000L));
        assertEquals(COPIED, NativeThread.nextBytes(COPIED, -0x1_0000_0000_0000L));
        assertEquals(COPIED, NativeThread.nextBytes(COPIED, COPIED + 1L));
    }
}
