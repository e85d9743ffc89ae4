package jspy.unwind;

/**
 * What is known of where an instruction is.
 *
 * @param function readable; as {@link NativeNames#name} says it
 * @param file source file, else the binary as the target names it, else a word in brackets
 * @param shortFile its last part
 * @param line in the source file, 0 when it is not known
 */
public record NativePlace(String function, String file, String shortFile, int line) {}
