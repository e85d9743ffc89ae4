package jspy.binary;

/**
 * A {@code DT_GNU_HASH} table: finds a name in a few reads. Layout: bucket count, first hashed
 * symbol, words of the Bloom filter, shift; the filter (64-bit words), the buckets, the chains
 * (32-bit; the lowest bit ends a chain).
 */
final class GnuHash {
    private static final int HEADER_BYTES = 16;

    private final Bytes bytes;
    private final long bucketCount;
    private final long firstSymbol;
    private final long bucketsAt;
    private final long chainsAt;

    /**
     * {@code bytes}: from the table's start to the end of what may be read; its own size is nowhere
     * written.
     */
    GnuHash(Bytes bytes) throws BinaryFormatException {
        this.bytes = bytes;
        bucketCount = bytes.u32(0);
        firstSymbol = bytes.u32(4);
        bucketsAt = HEADER_BYTES + bytes.u32(8) * 8;
        chainsAt = bucketsAt + bucketCount * 4;
        if (bucketCount == 0
                || bucketCount > SymbolTable.MAX_SYMBOLS
                || !bytes.has(bucketsAt, bucketCount * 4)) {
            throw BinaryFormatException.corrupt(
                    "hash table with %d buckets".formatted(bucketCount));
        }
    }

    /** Index of the defined symbol of that name in the table, -1 when there is none. */
    long find(byte[] name, SymbolTable symbols) throws BinaryFormatException {
        long hash = hash(name);
        long index = bytes.u32(bucketsAt + (hash % bucketCount) * 4);
        if (index < firstSymbol) {
            return -1;
        }
        for (; index < symbols.count(); index++) {
            long link = bytes.u32(chainsAt + (index - firstSymbol) * 4);
            if ((link | 1) == (hash | 1) && symbols.isDefined(index, name)) {
                return index;
            }
            if ((link & 1) != 0) {
                break;
            }
        }
        return -1;
    }

    /** How many symbols the table that it belongs to has: one past the end of the last chain. */
    long symbolCount() throws BinaryFormatException {
        long last = 0;
        for (long i = 0; i < bucketCount; i++) {
            last = Math.max(last, bytes.u32(bucketsAt + i * 4));
        }
        if (last < firstSymbol) {
            return firstSymbol;
        }
        while (last < SymbolTable.MAX_SYMBOLS
                && (bytes.u32(chainsAt + (last - firstSymbol) * 4) & 1) == 0) {
            last++;
        }
        return last + 1;
    }

    /** {@code dl_new_hash}: h * 33 + c, from 5381, modulo 2^32. */
    static long hash(byte[] name) {
        int hash = 5381;
        for (byte c : name) {
            hash = hash * 33 + (c & 0xff);
        }
        return hash & 0xffffffffL;
    }
}
