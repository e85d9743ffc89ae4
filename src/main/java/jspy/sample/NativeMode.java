package jspy.sample;

/** Which native frames a recording shows beside Python's. */
public enum NativeMode {
    /** None: nothing is stopped. */
    NONE,
    /** What Python called, and all below, without the eval loop's plumbing. */
    CALLED,
    /** Every frame. */
    ALL
}
