package jspy.snapshot;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bytes of a target by their addresses: ranges in ascending order that neither overlap nor touch.
 * Immutable.
 */
public final class MemoryImage {
    /** Page of every machine that CPython runs on, at least. */
    static final int PAGE_BYTES = 4096;

    /** More than any reading of stacks touches, in whole pages. */
    public static final long MAX_BYTES = 256L << 20;

    private final long[] addresses;
    private final int[] offsets;
    private final byte[] data;

    /** {@code offsets} has one entry more than there are ranges: where the last one ends. */
    private MemoryImage(long[] addresses, int[] offsets, byte[] data) {
        this.addresses = addresses;
        this.offsets = offsets;
        this.data = data;
    }

    /** Ranges. */
    public int count() {
        return addresses.length;
    }

    public long address(int range) {
        return addresses[range];
    }

    public int lengthBytes(int range) {
        return offsets[range + 1] - offsets[range];
    }

    /** A copy of the bytes of a range. */
    public byte[] bytes(int range) {
        return Arrays.copyOfRange(data, offsets[range], offsets[range + 1]);
    }

    public int totalBytes() {
        return data.length;
    }

    /** The bytes of all ranges, one behind the other; not to be written to. */
    byte[] data() {
        return data;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemoryImage image
                && Arrays.equals(addresses, image.addresses)
                && Arrays.equals(offsets, image.offsets)
                && Arrays.equals(data, image.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(addresses) * 31 + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "%d bytes in %d ranges".formatted(data.length, addresses.length);
    }

    /** Collects bytes; where they overlap the later ones count. One thread. */
    public static final class Builder {
        private static final class Page {
            final byte[] bytes = new byte[PAGE_BYTES];
            final BitSet known = new BitSet(PAGE_BYTES);
        }

        private final TreeMap<Long, Page> pages = new TreeMap<>();
        private Page lastPage;
        private long lastNumber = -1;
        private boolean isFull;

        /** Adds bytes at an address; those of no user's address space are left out. */
        public void put(long address, MemorySegment source, long offset, long lengthBytes) {
            long done = 0;
            while (done < lengthBytes) {
                long at = address + done;
                if (at < 0) {
                    return;
                }
                int inPage = (int) (at & PAGE_BYTES - 1);
                int piece = (int) Math.min(lengthBytes - done, PAGE_BYTES - inPage);
                Page page = page(at / PAGE_BYTES);
                if (page == null) {
                    return;
                }
                MemorySegment.copy(
                        source, ValueLayout.JAVA_BYTE, offset + done, page.bytes, inPage, piece);
                page.known.set(inPage, inPage + piece);
                done += piece;
            }
        }

        public void put(long address, byte[] bytes) {
            put(address, MemorySegment.ofArray(bytes), 0, bytes.length);
        }

        public void putAll(MemoryImage image) {
            MemorySegment all = MemorySegment.ofArray(image.data);
            for (int i = 0; i < image.count(); i++) {
                put(image.address(i), all, image.offsets[i], image.lengthBytes(i));
            }
        }

        /** Whether bytes were left out because there were more than {@link #MAX_BYTES}. */
        public boolean isFull() {
            return isFull;
        }

        public MemoryImage build() {
            int ranges = 0;
            int total = 0;
            long end = -1;
            for (Map.Entry<Long, Page> entry : pages.entrySet()) {
                BitSet known = entry.getValue().known;
                long base = entry.getKey() * PAGE_BYTES;
                for (int from = known.nextSetBit(0); from >= 0; ) {
                    int to = known.nextClearBit(from);
                    ranges += base + from == end ? 0 : 1;
                    total += to - from;
                    end = base + to;
                    from = known.nextSetBit(to);
                }
            }
            return copy(ranges, total);
        }

        // internals

        private Page page(long number) {
            if (number != lastNumber) {
                Page page = pages.get(number);
                if (page == null) {
                    if ((pages.size() + 1L) * PAGE_BYTES > MAX_BYTES) {
                        isFull = true;
                        return null;
                    }
                    page = new Page();
                    pages.put(number, page);
                }
                lastPage = page;
                lastNumber = number;
            }
            return lastPage;
        }

        private MemoryImage copy(int ranges, int total) {
            long[] addresses = new long[ranges];
            int[] offsets = new int[ranges + 1];
            byte[] data = new byte[total];
            int range = -1;
            int at = 0;
            long end = -1;
            for (Map.Entry<Long, Page> entry : pages.entrySet()) {
                BitSet known = entry.getValue().known;
                long base = entry.getKey() * PAGE_BYTES;
                for (int from = known.nextSetBit(0); from >= 0; ) {
                    int to = known.nextClearBit(from);
                    if (base + from != end) {
                        addresses[++range] = base + from;
                        offsets[range] = at;
                    }
                    System.arraycopy(entry.getValue().bytes, from, data, at, to - from);
                    at += to - from;
                    end = base + to;
                    from = known.nextSetBit(to);
                }
            }
            offsets[ranges] = total;
            return new MemoryImage(addresses, offsets, data);
        }
    }
}
