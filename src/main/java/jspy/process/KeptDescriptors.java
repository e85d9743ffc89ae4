package jspy.process;

import jspy.os.LinuxKernel;

/**
 * File descriptors kept open by number of their file, the least recently used closed when there are
 * too many. One thread; no call allocates.
 */
final class KeptDescriptors {
    private static final int NONE = -1;

    private final LinuxKernel kernel;

    /**
     * A slot a descriptor, in a ring by use: {@code older} of the newest, {@code newer} of the
     * oldest.
     */
    private final int[] keys;

    private final int[] descriptors;
    private final int[] older;
    private final int[] newer;

    /** Open addressing, a power of two, at most half full: slot + 1, 0 for free. */
    private final int[] table;

    private int newest = NONE;
    private int oldest = NONE;
    private int firstFree;
    private int count;

    KeptDescriptors(LinuxKernel kernel, int capacity) {
        this.kernel = kernel;
        keys = new int[capacity];
        descriptors = new int[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        table = new int[Integer.highestOneBit(capacity * 2 - 1) * 2];
        for (int slot = 0; slot < capacity; slot++) {
            older[slot] = slot + 1 < capacity ? slot + 1 : NONE;
        }
    }

    /**
     * The descriptor kept under that key, -1 when there is none. It is the most recently used one
     * now.
     */
    int find(int key) {
        int at = position(key);
        if (table[at] == 0) {
            return NONE;
        }
        int slot = table[at] - 1;
        if (slot != newest) {
            unlink(slot);
            linkNewest(slot);
        }
        return descriptors[slot];
    }

    /** Keeps a descriptor; the key must not be there. */
    void keep(int key, int descriptor) {
        if (count == keys.length) {
            closeOldest();
        }
        int slot = firstFree;
        firstFree = older[slot];
        keys[slot] = key;
        descriptors[slot] = descriptor;
        table[position(key)] = slot + 1;
        linkNewest(slot);
        count++;
    }

    void close(int key) {
        int at = position(key);
        if (table[at] != 0) {
            closeSlot(table[at] - 1, at);
        }
    }

    /**
     * @return false when none is open
     */
    boolean closeOldest() {
        if (oldest == NONE) {
            return false;
        }
        closeSlot(oldest, position(keys[oldest]));
        return true;
    }

    void closeAll() {
        while (closeOldest()) {
            // one after the other
        }
    }

    int count() {
        return count;
    }

    // internals

    private void closeSlot(int slot, int at) {
        kernel.close(descriptors[slot]);
        unlink(slot);
        removeFromTable(at);
        older[slot] = firstFree;
        firstFree = slot;
        count--;
    }

    /** Where the key is in the table, or where it would go. */
    private int position(int key) {
        int at = home(key);
        while (table[at] != 0 && keys[table[at] - 1] != key) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }

    private int home(int key) {
        return (key * 0x9e3779b9 >>> 8) & (table.length - 1);
    }

    /** Moves later entries of the same run up, so that none is cut off from its home. */
    private void removeFromTable(int at) {
        int mask = table.length - 1;
        int hole = at;
        for (int next = (hole + 1) & mask; table[next] != 0; next = (next + 1) & mask) {
            int home = home(keys[table[next] - 1]);
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                table[hole] = table[next];
                hole = next;
            }
        }
        table[hole] = 0;
    }

    private void unlink(int slot) {
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
    }

    private void linkNewest(int slot) {
        newer[slot] = NONE;
        older[slot] = newest;
        if (newest != NONE) {
            newer[newest] = slot;
        }
        newest = slot;
        if (oldest == NONE) {
            oldest = slot;
        }
    }
}
