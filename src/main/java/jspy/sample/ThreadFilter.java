package jspy.sample;

/** Which threads of a sample count. */
public enum ThreadFilter {
    /** Those on a CPU, runnable, or holding the GIL. */
    ACTIVE,

    /** All, idle ones too ({@code --idle}). */
    ALL,

    /** The GIL's holder alone ({@code --gil}). */
    GIL_HOLDER
}
