package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ThreadStackTest {
    @Test
    void stacksThatAreEqualAgreeInAllFrames() {
        assertEquals(
                3,
                stack(ThreadStack.COMPLETE, 1, 2, 3)
                        .agreedWith(stack(ThreadStack.COMPLETE, 1, 2, 3)));
    }

    @Test
    void framesAgreeFromTheRootUpToTheFirstThatDiffers() {
        ThreadStack one = stack(ThreadStack.COMPLETE, 9, 2, 3, 4);
        assertEquals(3, one.agreedWith(stack(ThreadStack.COMPLETE, 8, 2, 3, 4)));
        assertEquals(2, one.agreedWith(stack(ThreadStack.COMPLETE, 9, 7, 3, 4)));
        assertEquals(0, one.agreedWith(stack(ThreadStack.COMPLETE, 9, 2, 3, 5)));
    }

    @Test
    void aStackThatGrewAgreesInWhatItWas() {
        ThreadStack small = stack(ThreadStack.COMPLETE, 3, 4);
        ThreadStack grown = stack(ThreadStack.COMPLETE, 1, 2, 3, 4);
        assertEquals(2, small.agreedWith(grown));
        assertEquals(2, grown.agreedWith(small));
    }

    @Test
    void anotherInstructionInTheSameFrameIsADifference() {
        ThreadStack one = stack(ThreadStack.COMPLETE, 1, 2);
        ThreadStack other = new ThreadStack(0x10, 0);
        other.begin(1, 0, 0, 0);
        other.push(1, 100, 2);
        other.push(2, 200, 8);
        other.end(ThreadStack.COMPLETE);
        assertEquals(0, one.agreedWith(other));
    }

    @Test
    void aStackWithoutItsRootAgreesInNothing() {
        ThreadStack whole = stack(ThreadStack.COMPLETE, 1, 2, 3);
        assertEquals(0, whole.agreedWith(stack(ThreadStack.BROKEN, 1, 2, 3)));
        assertEquals(0, stack(ThreadStack.MISSED, 1, 2, 3).agreedWith(whole));
    }

    // internals

    /** Leaf first; code and instruction follow from the frame. */
    private static ThreadStack stack(int status, long... frames) {
        ThreadStack stack = new ThreadStack(0x10, 0);
        stack.begin(1, 0, 0, 0);
        for (long frame : frames) {
            stack.push(frame, frame * 100, 2);
        }
        stack.end(status);
        return stack;
    }
}
