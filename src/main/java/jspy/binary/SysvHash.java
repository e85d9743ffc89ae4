package jspy.binary;

/**
 * A {@code DT_HASH} table: bucket count, chain count, buckets, chains, all 32-bit. System V ABI,
 * "Hash Table".
 */
final class SysvHash {
    private final Bytes bytes;
    private final long bucketCount;
    private final long chainCount;

    SysvHash(Bytes bytes) throws BinaryFormatException {
        this.bytes = bytes;
        bucketCount = bytes.u32(0);
        chainCount = bytes.u32(4);
        if (bucketCount == 0
                || chainCount > SymbolTable.MAX_SYMBOLS
                || !bytes.has(8, (bucketCount + chainCount) * 4)) {
            throw BinaryFormatException.corrupt(
                    "hash table with %d buckets and %d chains".formatted(bucketCount, chainCount));
        }
    }

    /** There is one chain entry a symbol. */
    long symbolCount() {
        return chainCount;
    }

    /** Index of the defined symbol of that name in the table, -1 when there is none. */
    long find(byte[] name, SymbolTable symbols) throws BinaryFormatException {
        long index = bytes.u32(8 + (hash(name) % bucketCount) * 4);
        for (long steps = 0; index != 0 && index < chainCount && steps < chainCount; steps++) {
            if (symbols.isDefined(index, name)) {
                return index;
            }
            index = bytes.u32(8 + (bucketCount + index) * 4);
        }
        return -1;
    }

    static long hash(byte[] name) {
        long hash = 0;
        for (byte c : name) {
            hash = (hash << 4) + (c & 0xff);
            long high = hash & 0xf0000000L;
            hash = (hash ^ (high >> 24)) & ~high & 0xffffffffL;
        }
        return hash;
    }
}
