package jspy.python;

import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The GIL up to 3.6, which has no struct: {@code _PyThreadState_Current}, NULL while nobody holds
 * it, and from 3.2 on {@code gil_last_holder} and {@code gil_switch_number} of Python/ceval_gil.h,
 * static variables that only a file with its whole symbol table still names.
 */
final class GilStatics implements GilWords {
    private static final long WORD_BYTES = 8;

    private final GilPlace.Statics place;
    private long current;
    private long last;
    private long switches;

    GilStatics(GilPlace.Statics place) {
        this.place = place;
    }

    @Override
    public long addTo(ReadList list) {
        long offset = list.add(place.current(), WORD_BYTES);
        if (place.isWhole()) {
            list.add(place.lastHolder(), WORD_BYTES);
            list.add(place.switchNumber(), WORD_BYTES);
        }
        return offset;
    }

    @Override
    public void take(MemorySegment buffer, long offset) {
        current = word(buffer, offset, 0);
        last = place.isWhole() ? word(buffer, offset, 1) : 0;
        switches = place.isWhole() ? word(buffer, offset, 2) : 0;
    }

    @Override
    public boolean same(MemorySegment buffer, long offset) {
        return current == word(buffer, offset, 0)
                && (!place.isWhole()
                        || last == word(buffer, offset, 1) && switches == word(buffer, offset, 2));
    }

    /** A program without threads has no GIL before 3.7: its thread is the current one, or none. */
    @Override
    public long lastHolder() {
        return current != 0 ? current : last;
    }

    @Override
    public boolean isHeld() {
        return current != 0;
    }

    @Override
    public long switches() {
        return switches;
    }

    // internals

    private static long word(MemorySegment buffer, long offset, int index) {
        return buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + index * WORD_BYTES);
    }
}
