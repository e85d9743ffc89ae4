package jspy.unwind;

import java.util.Arrays;

/**
 * The rules of the instructions that were met lately, by their address in the process: most frames
 * of a sample are those of the one before. Direct-mapped; one thread; no allocation.
 */
final class RuleCache {
    /** A power of two: some 40 frames a thread, hundreds of threads. 128 KiB. */
    private static final int ENTRIES = 4096;

    private static final int SHIFT = 64 - Integer.numberOfTrailingZeros(ENTRIES);

    /** 2^64 divided by the golden ratio */
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    private final long[] keys = new long[ENTRIES];
    private final long[] rules = new long[ENTRIES * 2];
    private final int[] owners = new int[ENTRIES];
    private NativeModules modules;
    private int module;
    private int at;

    /** From now on these modules' rules are asked for. */
    void use(NativeModules newModules) {
        if (newModules != modules) {
            modules = newModules;
            Arrays.fill(keys, 0);
        }
    }

    /** Looks the rule of an instruction up; false when the address is not executable. */
    boolean find(long address) {
        int entry = (int) (address * SPREAD >>> SHIFT);
        at = entry * 2;
        if (keys[entry] == address && address != 0) {
            module = owners[entry];
            return true;
        }
        int found = modules.find(address);
        if (found < 0) {
            return false;
        }
        NativeModule owner = modules.get(found);
        if (owner.rules() == null) {
            rules[at] = Rule.of(Rule.NONE);
            rules[at + 1] = 0;
        } else {
            owner.rules().find(address - owner.bias(), rules, at);
        }
        // what a single look-up did not find the table may have, once it is there
        boolean isFinal =
                Rule.cfaKind(rules[at]) != Rule.NONE
                        || owner.rules() == null
                        || owner.rules().isTableReady();
        keys[entry] = isFinal ? address : 0;
        owners[entry] = found;
        module = found;
        return true;
    }

    long first() {
        return rules[at];
    }

    long second() {
        return rules[at + 1];
    }

    /** Index of the module that the address is in. */
    int module() {
        return module;
    }
}
