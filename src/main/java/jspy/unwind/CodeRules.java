package jspy.unwind;

import jspy.binary.Elf;

/** How to unwind out of one piece of code. Any thread. */
sealed interface CodeRules permits BinaryRules, TrampolineRules {
    /** The file it comes from; null where there is none. */
    Elf elfOrNull();

    /** Whether all is known; until then {@link #find} may not know what it knows later. */
    boolean isTableReady();

    /** Makes all known; not on a sampling thread. */
    void build();

    /** Finds the rule for an instruction and puts it into the two longs from {@code at} on. */
    void find(long address, long[] into, int at);
}
