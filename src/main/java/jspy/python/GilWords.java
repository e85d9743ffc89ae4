package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One GIL's words, read first and last in every sample: who held it last, whether it is held, how
 * often it changed hands. Equal at both ends and the last holder standing still between them: no
 * Python stack under this GIL changed.
 *
 * <p>{@code struct _gil_runtime_state}, Include/internal/pycore_gil.h. {@code last_holder} stays
 * after a release, and the same thread can take it again without a trace in {@code switch_number}:
 * so the last holder counts as the holder even while nobody holds it.
 */
public final class GilWords {
    private final long address;
    private final long bytes;
    private final long lastHolder;
    private final long locked;
    private final long switchNumber;

    private long holder;
    private long switches;
    private boolean held;

    public GilWords(long gilAddress, Offsets.Gil gil) {
        long from = Math.min(gil.lastHolder(), Math.min(gil.locked(), gil.switchNumber()));
        address = gilAddress + from;
        lastHolder = gil.lastHolder() - from;
        locked = gil.locked() - from;
        switchNumber = gil.switchNumber() - from;
        bytes = Math.max(lastHolder, Math.max(locked, switchNumber)) + 8;
    }

    /** Puts the words on the list; the offset of their copy. */
    public long addTo(ReadList list) {
        return list.add(address, bytes);
    }

    /** Takes the words of a copy as those of this moment. */
    public void take(MemorySegment buffer, long offset) {
        holder = buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + lastHolder);
        held = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset + locked) == 1;
        switches = buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + switchNumber);
    }

    /** Whether a copy equals what was taken. */
    public boolean same(MemorySegment buffer, long offset) {
        return holder == buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + lastHolder)
                && held == (buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset + locked) == 1)
                && switches == buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + switchNumber);
    }

    /** The {@code PyThreadState} that holds the GIL, or held it last; 0 before the first. */
    public long lastHolder() {
        return holder;
    }

    public boolean isHeld() {
        return held;
    }

    public long switches() {
        return switches;
    }
}
