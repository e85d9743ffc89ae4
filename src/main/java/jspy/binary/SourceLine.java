package jspy.binary;

/**
 * A line of a source file.
 *
 * @param file as the compiler was given it, in front of it the folder where that is said
 * @param line from 1 on
 */
public record SourceLine(String file, int line) {}
