package jspy.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All distinct frames of a profile, each under a small number that never changes.
 *
 * <p>One drain thread interns; anyone may read once that thread is done.
 */
public final class FrameTable {
    private static final int EMPTY = -1;

    private final List<Frame> frames = new ArrayList<>();

    /**
     * Open addressing by {@link Frame#hashCode}: ids, or {@link #EMPTY}. The length is a power of
     * two.
     */
    private int[] slots = emptySlots(256);

    /** The id of a frame equal to this one: 0 for the first, then counted up. */
    public int intern(Frame frame) {
        int slot = slotOf(frame, slots);
        if (slots[slot] != EMPTY) {
            return slots[slot];
        }
        int id = frames.size();
        frames.add(frame);
        slots[slot] = id;
        if (frames.size() * 2 > slots.length) {
            grow();
        }
        return id;
    }

    /** Whether a frame equal to this one has an id. */
    public boolean has(Frame frame) {
        return slots[slotOf(frame, slots)] != EMPTY;
    }

    public Frame get(int id) {
        return frames.get(id);
    }

    public int size() {
        return frames.size();
    }

    // internals

    private int slotOf(Frame frame, int[] table) {
        int hash = frame.hashCode();
        int slot = (hash ^ hash >>> 16) & table.length - 1;
        while (table[slot] != EMPTY && !frames.get(table[slot]).equals(frame)) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    private void grow() {
        int[] larger = emptySlots(slots.length * 2);
        for (int id = 0; id < frames.size(); id++) {
            larger[slotOf(frames.get(id), larger)] = id;
        }
        slots = larger;
    }

    private static int[] emptySlots(int length) {
        int[] table = new int[length];
        Arrays.fill(table, EMPTY);
        return table;
    }
}
