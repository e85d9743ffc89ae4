package jspy.binary;

/**
 * A Common Information Entry: what several functions share, and the rules that each of them starts
 * with.
 *
 * @param pointerEncoding {@code DW_EH_PE_*} of the functions' addresses
 * @param hasAugmentation whether its functions carry augmentation data
 * @param isSignalFrame its functions are return trampolines of signal handlers: the address above
 *     is exact, not one behind a call
 * @param initial the rules at a function's first instruction; never changed
 */
record CfiCommon(
        long codeAlignment,
        long dataAlignment,
        int returnAddressRegister,
        int pointerEncoding,
        boolean hasAugmentation,
        boolean isSignalFrame,
        CfiState initial) {}
