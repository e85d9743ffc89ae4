package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Random;

/** Instructions as gcc 14 made them for CPython 3.15 and a debug build of 3.13. */
class PrologueTest {
    private static final String FRAME = "55 31c0 bf3bfb8800 4889e5";
    private static final String BODY = "e809f3deff 83c001 0f8486000000 c9 c3 0f1f4000";

    @Test
    void reservedMemoryHoldsWhatIsSavedWithoutAPush() {
        // sub $0x30, %rsp; mov %rbx, -0x10(%rbp)
        assertEquals(0x30, frameBytes(8, FRAME, "4883ec30 48895df0", BODY));
    }

    @Test
    void pushedRegistersLieAboveWhatIsReserved() {
        // push %r14, %r13, %r12, %rbx; among them a mov; sub $0x158, %rsp
        String pushes = "4156 4155 4154 4989fc 53";
        assertEquals(0x160 + 32, frameBytes(32, FRAME, pushes, "4881ec60010000", BODY));
        assertEquals(32, frameBytes(32, FRAME, pushes, BODY));
    }

    @Test
    void oneMoreIsPushedToAlign() {
        assertEquals(16, frameBytes(8, FRAME, "53 50", BODY)); // push %rbx; push %rax
        assertEquals(0, frameBytes(0, FRAME, BODY));
    }

    @Test
    void aHundredAndTwentyEightBytesAreAddedNegative() {
        assertEquals(128, frameBytes(0, FRAME, "4883c480", BODY));
    }

    @Test
    void whatIsReservedIsGivenBackAtTheEnd() {
        String end = "4883c418 5b 5d c3 0f1f00 0f1f00";
        assertEquals(0x18 + 8, frameBytes(8, FRAME, "53 4883ec18", BODY, end));
    }

    @Test
    void aStackPointerThatIsMovedOtherwiseIsNotTold() {
        String padding = "0f1f4000 0f1f4000";
        for (String moves :
                new String[] {
                    "4829c4", // sub %rax, %rsp: alloca
                    "4883e4f0", // and $-16, %rsp
                    "488d642480", // lea -0x80(%rsp), %rsp
                    "4883ec08", // again, for arguments
                    "4883c410" // arguments taken away that were pushed
                }) {
            assertEquals(
                    Prologue.UNKNOWN,
                    frameBytes(8, FRAME, "4883ec30", BODY, moves, padding),
                    moves);
        }
    }

    @Test
    void aFunctionWithoutAFramePointerIsNotTold() {
        assertEquals(Prologue.UNKNOWN, frameBytes(8, "53 4883ec30", BODY));
        assertEquals(Prologue.UNKNOWN, frameBytes(0, "4889e5 4883ec30", BODY)); // no push
        assertEquals(Prologue.UNKNOWN, frameBytes(0, ""));
    }

    @Test
    void registersThatWereNotAllFoundAreNotTold() {
        assertEquals(Prologue.UNKNOWN, frameBytes(24, FRAME, "53 4883ec10", BODY));
    }

    @Test
    void anyBytesAreLookedThrough() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] code = new byte[random.nextInt(200)];
            random.nextBytes(code);
            long bytes = Prologue.frameBytes(MemorySegment.ofArray(code), random.nextInt(6) * 8);
            assertTrue(bytes >= Prologue.UNKNOWN);
        }
    }

    // internals

    private static long frameBytes(long savedBytes, String... instructions) {
        String digits = String.join("", instructions).replace(" ", "");
        return Prologue.frameBytes(
                MemorySegment.ofArray(HexFormat.of().parseHex(digits)), savedBytes);
    }
}
