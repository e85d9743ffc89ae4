package jspy.sample;

/** Which line stands in a frame: it decides which samples of a function are one frame. */
public enum LineStyle {
    /** The line that was running. */
    CURRENT,

    /** The first line of the function ({@code --function}). */
    FUNCTION,

    /** No line ({@code --nolineno}). */
    NONE
}
