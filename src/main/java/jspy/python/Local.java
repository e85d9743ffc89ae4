package jspy.python;

/**
 * A local variable of a frame as it was when it was read.
 *
 * @param address of the object in the target
 * @param isArgument whether the caller passed it
 * @param text the value as Python would write it, cut to what was asked for
 */
public record Local(String name, long address, boolean isArgument, String text) {}
