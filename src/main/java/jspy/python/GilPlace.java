package jspy.python;

import jspy.layout.Offsets;

/** Where a CPython keeps its GIL, or its GILs. */
public sealed interface GilPlace {
    /** 3.7 to 3.11: one struct in {@code _PyRuntime}, at that address. */
    record InRuntime(long address) implements GilPlace {}

    /** From 3.12 on: each interpreter points to its own, or to one that it shares. */
    record InInterpreters() implements GilPlace {}

    /**
     * Up to 3.6: static variables.
     *
     * @param current address of {@code _PyThreadState_Current}
     * @param lastHolder address of {@code gil_last_holder}; 0 where it is not known
     * @param switchNumber address of {@code gil_switch_number}; 0 where it is not known
     */
    record Statics(long current, long lastHolder, long switchNumber) implements GilPlace {
        boolean isWhole() {
            return lastHolder != 0 && switchNumber != 0;
        }
    }

    /** Up to 3.6, in a file that names none of them. */
    record Nowhere() implements GilPlace {}

    /** By what the layout says; {@link Nowhere} for a version that has no layout of its GIL. */
    static GilPlace of(Offsets offsets, long runtimeAddress) {
        if (offsets.runtime().gil() != Offsets.ABSENT) {
            return new InRuntime(runtimeAddress + offsets.runtime().gil());
        }
        return offsets.interpreter().gilPointer() != Offsets.ABSENT
                ? new InInterpreters()
                : new Nowhere();
    }

    /**
     * The words of one GIL, to be read with each sample; null when there are none.
     *
     * @param struct its address, where it has one
     */
    default GilWords words(long struct, Offsets offsets) {
        return switch (this) {
            case InRuntime place -> new GilStruct(place.address(), offsets.gil());
            case InInterpreters place -> new GilStruct(struct, offsets.gil());
            case Statics place -> new GilStatics(place);
            case Nowhere place -> null;
        };
    }
}
