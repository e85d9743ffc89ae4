package jspy.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class FrameTest {
    @Test
    void labelsAreThoseOfPySpy() {
        assertEquals("f (deep.py:8)", new Frame("f", "/a/deep.py", "deep.py", 8).label());
        assertEquals("f (deep.py)", new Frame("f", "/a/deep.py", "deep.py", 0).label());
        assertEquals("[torn]", Frame.torn().label());
        assertEquals("[truncated: no memory]", Frame.truncated("no memory").label());
        assertEquals("<unreadable>", Frame.unreadable().label());
    }

    @Test
    void unknownLinesAreZero() {
        assertEquals(0, new Frame("f", "a.py", "a.py", -1).line());
        assertFalse(new Frame("f", "a.py", "a.py", -1).hasLine());
        assertFalse(Frame.torn().hasLine());
    }

    @Test
    void targetCannotForgeMark() {
        assertTrue(Frame.torn().isMark());
        for (int line : new int[] {0, 1, -1, Integer.MIN_VALUE}) {
            assertFalse(new Frame("[torn]", "a.py", "", line).isMark());
        }
        assertNotEquals(Frame.torn(), new Frame("[torn]", "", "", 0));
    }
}
