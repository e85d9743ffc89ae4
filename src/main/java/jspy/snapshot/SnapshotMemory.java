package jspy.snapshot;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The memory of a snapshot, answering as the process did: by pages, with short counts where they
 * end. A page is there when any byte of it was captured; its other bytes are zero.
 *
 * <p>Allocates nothing when read. One thread an instance; {@link #again} makes further ones.
 */
public final class SnapshotMemory implements TargetMemory {
    private static final long PAGE_BYTES = MemoryImage.PAGE_BYTES;

    /** Numbers of the pages, ascending; their bytes lie in that order in {@link #bytes}. */
    private final long[] pages;

    private final MemorySegment bytes;

    private SnapshotMemory(long[] pages, MemorySegment bytes) {
        this.pages = pages;
        this.bytes = bytes;
    }

    public SnapshotMemory(MemoryImage image) {
        this.pages = pagesOf(image);
        byte[] all = new byte[Math.toIntExact(pages.length * PAGE_BYTES)];
        int at = 0;
        for (int i = 0; i < image.count(); i++) {
            long address = image.address(i);
            int first = Arrays.binarySearch(pages, address / PAGE_BYTES);
            // a range without a gap lies in pages without one, and so in one piece here
            long to = first * PAGE_BYTES + address % PAGE_BYTES;
            System.arraycopy(image.data(), at, all, (int) to, image.lengthBytes(i));
            at += image.lengthBytes(i);
        }
        this.bytes = MemorySegment.ofArray(all);
    }

    /** The same memory for another thread. */
    public SnapshotMemory again() {
        return new SnapshotMemory(pages, bytes);
    }

    @Override
    public int read(long address, MemorySegment into, long offset, int length) {
        if (length == 0) {
            return 0;
        }
        int index = find(address);
        if (length < 0 || index < 0) {
            return FAULT;
        }
        long inPage = address & PAGE_BYTES - 1;
        long mapped = PAGE_BYTES - inPage;
        for (int i = index + 1; mapped < length && i < pages.length; i++) {
            if (pages[i] != pages[i - 1] + 1) {
                break;
            }
            mapped += PAGE_BYTES;
        }
        long copied = Math.min(mapped, length);
        MemorySegment.copy(bytes, index * PAGE_BYTES + inPage, into, offset, copied);
        return (int) copied;
    }

    @Override
    public int readAll(ReadList list, int first) {
        for (int i = first; i < list.count(); i++) {
            long length = list.lengthBytes(i);
            boolean fits = length <= Integer.MAX_VALUE;
            if (!fits
                    || read(list.address(i), list.buffer(), list.offset(i), (int) length)
                            != length) {
                return i;
            }
        }
        return list.count();
    }

    @Override
    public String how() {
        return "snapshot";
    }

    @Override
    public void close() {}

    // internals

    private int find(long address) {
        long page = address >> 12;
        int low = 0;
        int high = pages.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (pages[middle] < page) {
                low = middle + 1;
            } else if (pages[middle] > page) {
                high = middle - 1;
            } else {
                return middle;
            }
        }
        return -1;
    }

    private static long[] pagesOf(MemoryImage image) {
        long[] pages = new long[16];
        int count = 0;
        for (int i = 0; i < image.count(); i++) {
            long first = image.address(i) / PAGE_BYTES;
            long last = (image.address(i) + image.lengthBytes(i) - 1) / PAGE_BYTES;
            if (count > 0 && pages[count - 1] == first) {
                first++;
            }
            for (long page = first; page <= last; page++) {
                if (count == pages.length) {
                    pages = Arrays.copyOf(pages, count * 2);
                }
                pages[count++] = page;
            }
        }
        return Arrays.copyOf(pages, count);
    }
}
