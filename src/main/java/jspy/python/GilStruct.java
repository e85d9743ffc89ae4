package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.ReadList;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@code struct _gil_runtime_state}, Include/internal/pycore_gil.h: the GIL from 3.7 on. */
final class GilStruct implements GilWords {
    private final long address;
    private final long bytes;
    private final long lastHolder;
    private final long locked;
    private final long switchNumber;

    private long holder;
    private long switches;
    private boolean held;

    GilStruct(long gilAddress, Offsets.Gil gil) {
        long from = Math.min(gil.lastHolder(), Math.min(gil.locked(), gil.switchNumber()));
        address = gilAddress + from;
        lastHolder = gil.lastHolder() - from;
        locked = gil.locked() - from;
        switchNumber = gil.switchNumber() - from;
        bytes = Math.max(lastHolder, Math.max(locked, switchNumber)) + 8;
    }

    @Override
    public long addTo(ReadList list) {
        return list.add(address, bytes);
    }

    @Override
    public void take(MemorySegment buffer, long offset) {
        holder = buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + lastHolder);
        held = buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset + locked) == 1;
        switches = buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + switchNumber);
    }

    @Override
    public boolean same(MemorySegment buffer, long offset) {
        return holder == buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + lastHolder)
                && held == (buffer.get(ValueLayout.JAVA_INT_UNALIGNED, offset + locked) == 1)
                && switches == buffer.get(ValueLayout.JAVA_LONG_UNALIGNED, offset + switchNumber);
    }

    @Override
    public long lastHolder() {
        return holder;
    }

    @Override
    public boolean isHeld() {
        return held;
    }

    @Override
    public long switches() {
        return switches;
    }
}
