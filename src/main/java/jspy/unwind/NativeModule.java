package jspy.unwind;

import jspy.binary.Elf;

/**
 * A piece of executable memory of a process and what is known of it.
 *
 * @param start first address in the process
 * @param end one behind the last
 * @param name file name, {@code [vdso]}, or empty for memory of no file
 * @param path of the file as the target names it, empty where there is none
 * @param bias what to add to the binary's addresses
 * @param rules null where nothing is known of the code
 */
public record NativeModule(
        long start, long end, String name, String path, long bias, CodeRules rules) {
    /** The file; null where there is none that can be read. */
    public Elf elfOrNull() {
        return rules == null ? null : rules.elfOrNull();
    }
}
