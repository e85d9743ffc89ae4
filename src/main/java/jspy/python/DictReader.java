package jspy.python;

import jspy.layout.Offsets;

/**
 * The entries of dicts of the target: combined and split tables, entries with and without a hash;
 * from 3.6 on in insertion order, before in that of the hash table. Objects/dictobject.c,
 * Include/internal/pycore_dict.h.
 *
 * <p>A dict may change while it is read: every method says whether what it saw was all there and
 * stayed as it was.
 */
final class DictReader {
    /** More entries than this are not looked at. */
    static final long MAX_ENTRIES = 1 << 22;

    /**
     * {@code DICT_KEYS_GENERAL}: entries carry their hash. Include/internal/pycore_dict.h, 3.11 on.
     */
    private static final int KEYS_GENERAL = 0;

    /** {@code PyDictKeyEntry}: me_hash, me_key, me_value. */
    private static final int ENTRY_WITH_HASH_BYTES = 24;

    /** {@code PyDictUnicodeEntry}: me_key, me_value. */
    private static final int ENTRY_BYTES = 16;

    private static final int WORD_BYTES = 8;

    /** Entries that are read at once. */
    private static final int BLOCK = 1024;

    private final Peek peek;
    private final Offsets.Dict dict;

    DictReader(Peek peek, Offsets offsets) {
        this.peek = peek;
        this.dict = offsets.dict();
    }

    /** Takes an entry: addresses of the key and of the value. */
    @FunctionalInterface
    interface Visitor {
        /** False ends the visit. */
        boolean entry(long key, long value);
    }

    /**
     * Visits the entries of the {@code PyDictObject} at that address.
     *
     * @return whether the visit was ended by the visitor, or saw a dict that did not change
     *     meanwhile
     */
    boolean forEach(long address, Visitor visitor) {
        if (dict.keys() == Offsets.ABSENT || address == 0) {
            return false;
        }
        if (dict.values() == Offsets.ABSENT) {
            Table table = entriesOf(address);
            return table != null && forEach(table, 0, visitor) && table.equals(entriesOf(address));
        }
        long keys = peek.pointer(address + dict.keys());
        long values = peek.pointer(address + dict.values());
        if (!forEach(keys, values, visitor)) {
            return false;
        }
        return peek.pointer(address + dict.keys()) == keys
                && peek.pointer(address + dict.values()) == values;
    }

    /**
     * Visits the keys at {@code keys} with their values: those beside them, or those of the {@code
     * PyDictValues} at {@code values} where it is not 0.
     */
    boolean forEach(long keys, long values, Visitor visitor) {
        Table table = table(keys);
        return table != null && forEach(table, values, visitor) && table.equals(table(keys));
    }

    // internals

    private boolean forEach(Table table, long values, Visitor visitor) {
        for (long first = 0; first < table.entries; first += BLOCK) {
            int count = (int) Math.min(BLOCK, table.entries - first);
            byte[] entries =
                    peek.bytes(
                            table.firstEntry + first * table.entryBytes, count * table.entryBytes);
            byte[] split =
                    values == 0
                            ? null
                            : peek.bytes(
                                    values + dict.valuesItems() + first * WORD_BYTES,
                                    count * WORD_BYTES);
            int there = entries.length / table.entryBytes;
            if (split != null) {
                there = Math.min(there, split.length / WORD_BYTES);
            }
            for (int i = 0; i < there; i++) {
                int at = (i + 1) * table.entryBytes - ENTRY_BYTES;
                long key = Words.at(entries, at);
                long value =
                        split != null
                                ? Words.at(split, i * WORD_BYTES)
                                : Words.at(entries, at + WORD_BYTES);
                if (key != 0 && value != 0 && !visitor.entry(key, value)) {
                    return true;
                }
            }
            if (there < count) {
                return false;
            }
        }
        return true;
    }

    private record Table(long firstEntry, int entryBytes, long entries) {}

    /** 2.7: the entries are all of the hash table, {@code ma_mask + 1} of them. */
    private Table entriesOf(long address) {
        long entries = peek.pointer(address + dict.keysSize()) + 1;
        return entries <= 0 || entries > MAX_ENTRIES
                ? null
                : new Table(peek.pointer(address + dict.keys()), ENTRY_WITH_HASH_BYTES, entries);
    }

    /** Null when there is no sensible table at that address. */
    private Table table(long keys) {
        if (keys == 0 || !peek.load(keys, (int) dict.keysIndices())) {
            return null;
        }
        if (dict.keysEntryCount() == Offsets.ABSENT) { // 3.3 to 3.5: no index before the entries
            long size = peek.word(dict.keysSize());
            return size <= 0 || size > MAX_ENTRIES
                    ? null
                    : new Table(keys + dict.keysIndices(), ENTRY_WITH_HASH_BYTES, size);
        }
        long entries = peek.word(dict.keysEntryCount());
        long indexBytes;
        boolean hash = true;
        if (dict.keysLog2Size() == Offsets.ABSENT) {
            long size = peek.word(dict.keysSize());
            if (size < 0 || size > 2 * MAX_ENTRIES || entries > size) {
                return null;
            }
            indexBytes = size * (size <= 0xFF ? 1 : size <= 0xFFFF ? 2 : 4);
        } else {
            int log2Bytes = peek.uint8(dict.keysLog2IndexBytes());
            if (log2Bytes >= Integer.SIZE || entries > 1L << log2Bytes) {
                return null;
            }
            indexBytes = 1L << log2Bytes;
            hash = peek.uint8(dict.keysKind()) == KEYS_GENERAL;
        }
        if (entries < 0 || entries > MAX_ENTRIES) {
            return null;
        }
        return new Table(
                keys + dict.keysIndices() + indexBytes,
                hash ? ENTRY_WITH_HASH_BYTES : ENTRY_BYTES,
                entries);
    }
}
