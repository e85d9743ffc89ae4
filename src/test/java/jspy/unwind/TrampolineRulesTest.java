package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;

/** The trampolines of -X perf as they were in memory, and where their frames are. */
class TrampolineRulesTest {
    private static final String PADDING = "0000000000";

    /** 3.12.1 and 3.13.0 */
    private static final String PLAIN = "4883ec08ffd14883c408c3";

    /** 3.14.10 and 3.15.2 of Debian */
    private static final String FRAMED = "f30f1efa554889e5ffd15dc3";

    /** libffi 3.5.2 of Debian: 40 bytes each */
    private static final String CLOSURE =
            "f30f1efa4883ec104c8914244c8b15ed0f00004c895424084c8b15e90f000041ffe2660f1f440000";

    private static final String AARCH64 = "fd7bbfa9fd03009160003fd6fd7bc1a8c0035fd6";

    @Test
    void theFrameIsThereFromTheFirstInstructionToTheLast() {
        assertEquals("8 8 8 8 16 16 16 16 16 16 8", cfas(PLAIN + PLAIN, Machine.X86_64, 0, 11));
        assertEquals(
                "8 8 8 8 16 16 16 16 16 16 8",
                cfas(PLAIN + PADDING + PLAIN, Machine.X86_64, 16, 11));
        assertEquals("8 8 8 8 8 16 16 16 16 16 16 8", cfas(FRAMED, Machine.X86_64, 0, 12));
    }

    @Test
    void aClosureOfLibffiLeavesItsFrameToWhatItJumpsTo() {
        assertEquals(
                "8 8 8 8 8 8 8 8 24 24 24 24 24", cfas(CLOSURE + CLOSURE, Machine.X86_64, 0, 13));
        assertEquals("24 24 24", cfas(CLOSURE + CLOSURE, Machine.X86_64, 31, 3));
        assertEquals("8 8 8 8 8 8 8 8 24", cfas(CLOSURE + CLOSURE, Machine.X86_64, 40, 9));
    }

    @Test
    void theFramePointerIsBelowTheReturnAddress() {
        TrampolineRules rules = rules(FRAMED, Machine.X86_64);
        long[] rule = new long[2];
        rules.find(9, rule, 0);
        assertEquals(Rule.AT_CFA, Rule.frameKind(rule[0]));
        assertEquals(-16, Rule.frameValue(rule[1]));
        assertEquals(-8, Rule.returnValue(rule[1]));
    }

    @Test
    void aLinkRegisterIsSavedInTheFrameOnly() {
        TrampolineRules rules = rules(AARCH64, Machine.AARCH64);
        long[] rule = new long[2];
        rules.find(0, rule, 0);
        assertEquals(Rule.SAME, Rule.returnKind(rule[0]));
        assertEquals(0, Rule.cfaValue(rule[0]));
        rules.find(11, rule, 0);
        assertEquals(Rule.AT_CFA, Rule.returnKind(rule[0]));
        assertEquals(16, Rule.cfaValue(rule[0]));
        rules.find(16, rule, 0);
        assertEquals(0, Rule.cfaValue(rule[0]));
    }

    @Test
    void whatIsBetweenThemHasNoRule() {
        TrampolineRules rules = rules(PLAIN + PADDING, Machine.X86_64);
        long[] rule = new long[2];
        for (long address : new long[] {11, 15, 16, 1000, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            rules.find(address, rule, 0);
            assertEquals(Rule.NONE, Rule.cfaKind(rule[0]), Long.toString(address));
        }
        assertNull(TrampolineRules.of(MemorySegment.ofArray(new byte[64]), Machine.X86_64));
    }

    private static TrampolineRules rules(String hex, Machine machine) {
        return TrampolineRules.of(MemorySegment.ofArray(HexFormat.of().parseHex(hex)), machine);
    }

    private static String cfas(String hex, Machine machine, int from, int count) {
        TrampolineRules rules = rules(hex, machine);
        StringBuilder cfas = new StringBuilder();
        long[] rule = new long[2];
        for (int i = from; i < from + count; i++) {
            rules.find(i, rule, 0);
            cfas.append(i == from ? "" : " ").append(Rule.cfaValue(rule[0]));
        }
        return cfas.toString();
    }
}
