package jspy.memory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The ranges of the target that recent walks touched: what one call reads at the next sample,
 * before anything is known of it. A walk asks {@link #locate} for what it needs; what is not there
 * is a miss, {@link #want}ed, and read by a further call; from then on it is part of the set until
 * no walk has used it for {@link #EPOCH_SAMPLES} samples.
 *
 * <p>An iovec costs half a microsecond and bytes cost next to nothing, so ranges that lie near one
 * another are one range. Addresses are the target's; offsets are into {@link ReadList#buffer}. One
 * sampler thread; allocates only while it grows.
 */
public final class WorkingSet {
    /** {@link #locate} did not find the range among the copies. */
    public static final long MISS = -1;

    /**
     * A single range larger than this is no stack chunk and no struct: the target's bytes are not
     * believed.
     */
    public static final long RANGE_MAX_BYTES = 4 * 1024 * 1024;

    /**
     * An epoch: a range, or the unused end of one, goes when no sample of two whole epochs has used
     * it.
     */
    static final int EPOCH_SAMPLES = 64;

    /** All ranges together, against a chain of frames that never ends. */
    static final int MAX_RANGES = 1 << 17;

    /**
     * All their bytes, against stacks that are said to be huge: ten thousand threads need some 20
     * MB.
     */
    static final long MAX_BYTES = 128L << 20;

    /** Addresses that a sample remembers as unreadable; more are asked for again. */
    private static final int MAX_REFUSED = 256;

    private final ReadList list;

    private long[] words = new long[1]; // the copies, as of the last load
    private int skew; // bytes of the buffer before the first of them, fewer than a word has

    private final RangeSet ranges = new RangeSet();

    // a copy that somebody else put on the list, no part of the set
    private long lentStart;
    private long lentEnd;
    private long lentOffset;
    private int samplesInEpoch;
    private long layout; // 0: none

    // what the list holds copies of: ranges [0, sortedCopies) in order of address, then those of
    // further calls
    private long[] copyStart = new long[256];
    private long[] copyEnd = new long[256];
    private long[] copyOffset = new long[256];
    private int[] copyRange = new int[256]; // list index, to name a range that faulted
    private int copies;
    private int sortedCopies;
    private int lastHit;

    // wanted by the walk since the last read
    private long[] wantedStart = new long[64];
    private long[] wantedEnd = new long[64];
    private int wanted;
    private long wantedBytes;

    // could not be read since the last pardon
    private final long[] refused = new long[MAX_REFUSED];
    private final long[] refusedBytes = new long[MAX_REFUSED];
    private int refusedCount;

    public WorkingSet(ReadList list) {
        this.list = list;
    }

    /**
     * Puts the whole set on the list (which may already hold other ranges) and forgets earlier
     * copies.
     */
    public void addTo() {
        boolean same = sortedCopies == copies && layout != 0;
        for (int i = sortedCopies; i < copies; i++) {
            ranges.insert(copyStart[i], copyEnd[i]); // what the last sample missed
        }
        wanted = 0;
        wantedBytes = 0;
        lastHit = 0;
        lentEnd = lentStart;
        if (++samplesInEpoch >= EPOCH_SAMPLES) {
            samplesInEpoch = 0;
            ranges.trim();
            same = false; // so that each walk looks up what it uses once an epoch
        }
        if (same && list.repeat(this)) {
            return;
        }
        if (ranges.bytes() > MAX_BYTES) {
            ranges.clear(); // no real process: begin anew
        }
        layout = list.newLayout();
        list.beginBlock(this);
        copies = 0;
        for (int i = 0; i < ranges.count(); i++) {
            addCopy(ranges.start(i) & -Long.BYTES, ranges.end(i) + Long.BYTES - 1 & -Long.BYTES);
        }
        sortedCopies = copies;
        list.endBlock();
    }

    /**
     * The same number as at an earlier sample: what was copied then lies where it lay. 0: nothing
     * is known.
     */
    public long layout() {
        return lentEnd > lentStart ? 0 : layout;
    }

    /**
     * Until the next {@link #addTo} this range, which is on the list for another reason, is found,
     * too: what lies in it is neither wanted nor read twice.
     */
    public void lend(long address, long lengthBytes, long offset) {
        lentStart = address;
        lentEnd = address + lengthBytes;
        lentOffset = offset;
    }

    /**
     * Puts the set on the list once more, in the same order: its copies lie {@code stride} bytes
     * behind the first ones, which is what this returns.
     */
    public long addAgain() {
        long first = copies == 0 ? 0 : copyOffset[0];
        long second = list.usedBytes();
        for (int i = 0; i < copies; i++) {
            list.add(copyStart[i], copyEnd[i] - copyStart[i]);
        }
        return second - first;
    }

    /** Puts what the last walk missed on the list; it joins the set at the next sample. */
    public void addWanted() {
        for (int i = 0; i < wanted; i++) {
            addCopy(wantedStart[i], wantedEnd[i]);
        }
        wanted = 0;
        wantedBytes = 0;
    }

    /** How many ranges the last walk missed. */
    public int wanted() {
        return wanted;
    }

    /** The offset in the buffer of the copy of a range, or {@link #MISS}. */
    public long locate(long address, long lengthBytes) {
        int hit = lastHit;
        if (hit >= copies || address < copyStart[hit] || address > copyEnd[hit] - lengthBytes) {
            hit = find(address, lengthBytes);
            if (hit < 0) {
                return address >= lentStart && address <= lentEnd - lengthBytes
                        ? lentOffset + (address - lentStart)
                        : MISS;
            }
            lastHit = hit;
        }
        if (hit < sortedCopies) {
            ranges.touch(hit, address, address + lengthBytes);
        }
        return copyOffset[hit] + (address - copyStart[hit]);
    }

    /**
     * Says that a later walk may need up to here of a range that was located: head-room for a stack
     * that grows.
     */
    public void expect(long address, long lengthBytes) {
        if (lastHit < sortedCopies
                && address >= copyStart[lastHit]
                && address <= copyEnd[lastHit]) {
            ranges.touch(lastHit, address, address + lengthBytes);
        }
    }

    /**
     * Asks for a range that {@link #locate} missed; false when it cannot be had: no such range can
     * be, or reading it has failed since the last {@link #pardon}.
     */
    public boolean want(long address, long lengthBytes) {
        if (address < 0
                || lengthBytes <= 0
                || lengthBytes > RANGE_MAX_BYTES
                || address > Long.MAX_VALUE - RANGE_MAX_BYTES
                || copies + wanted >= MAX_RANGES
                || list.usedBytes() + wantedBytes + lengthBytes > MAX_BYTES
                || isRefused(address, lengthBytes)) {
            return false;
        }
        for (int i = 0; i < wanted; i++) {
            if (address >= wantedStart[i] && address + lengthBytes <= wantedEnd[i]) {
                return true;
            }
        }
        if (wanted == wantedStart.length) {
            wantedStart = Arrays.copyOf(wantedStart, wanted * 2);
            wantedEnd = Arrays.copyOf(wantedEnd, wanted * 2);
        }
        wantedStart[wanted] = address;
        wantedEnd[wanted++] = address + lengthBytes;
        wantedBytes += lengthBytes;
        return true;
    }

    /**
     * The read of a range faulted, {@code listIndex} as {@link TargetMemory#readAll} gave it: it
     * and what was behind it in the list has no copies. One of the set, which may be joined of
     * several, leaves it; one that was wanted is not asked for again until {@link #pardon}.
     */
    public void forget(int listIndex) {
        for (int i = 0; i < copies; i++) {
            if (copyRange[i] == listIndex) {
                if (i < sortedCopies) {
                    ranges.remove(copyStart[i], copyEnd[i]);
                    copies = 0;
                    sortedCopies = 0;
                    layout = 0;
                } else {
                    if (refusedCount < MAX_REFUSED) {
                        refused[refusedCount] = copyStart[i];
                        refusedBytes[refusedCount++] = copyEnd[i] - copyStart[i];
                    }
                    copies = i;
                }
                return;
            }
        }
    }

    /** What could not be read may be there by now. */
    public void pardon() {
        refusedCount = 0;
    }

    /** Forgets everything: another program runs there now. */
    public void clear() {
        ranges.clear();
        copies = 0;
        sortedCopies = 0;
        layout = 0;
        wanted = 0;
        wantedBytes = 0;
        pardon();
    }

    public MemorySegment buffer() {
        return list.buffer();
    }

    public long bufferBytes() {
        return list.usedBytes();
    }

    public int ranges() {
        return ranges.count();
    }

    /** What was read by now is what {@link #getLong} and its like see: before each walk. */
    public void load() {
        skew = list.blockSkew(this);
        words = list.words(skew);
    }

    /**
     * The copies as words, low byte first. What lies in the set, word by word in the target, does
     * so here: see {@link #word}.
     */
    public long[] words() {
        return words;
    }

    /** Where in {@link #words} the copy at an offset begins; -1 where it is not at a word. */
    public int word(long offset) {
        long at = offset - skew;
        return (at & 7) == 0 ? (int) (at >>> 3) : -1;
    }

    /** A long of the copies. */
    public long getLong(long offset) {
        long from = offset - skew;
        int at = (int) (from >>> 3);
        return (from & 7) == 0 ? words[at] : across(at, (int) from << 3);
    }

    private long across(int at, int bits) {
        return words[at] >>> bits | words[at + 1] << -bits; // shifts take the low six bits
    }

    public int getInt(long offset) {
        return (int) getLong(offset);
    }

    public int getByte(long offset) {
        long from = offset - skew;
        return (byte) (words[(int) (from >>> 3)] >>> ((int) from << 3));
    }

    // internals

    private boolean isRefused(long address, long lengthBytes) {
        for (int i = 0; i < refusedCount; i++) {
            if (refused[i] == address && lengthBytes >= refusedBytes[i]) {
                return true;
            }
        }
        return false;
    }

    private int find(long address, long lengthBytes) {
        int low = 0;
        int high = sortedCopies - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (copyStart[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        if (high >= 0 && address <= copyEnd[high] - lengthBytes) {
            return high;
        }
        for (int i = copies - 1; i >= sortedCopies; i--) {
            if (address >= copyStart[i] && address <= copyEnd[i] - lengthBytes) {
                return i;
            }
        }
        return -1;
    }

    private void addCopy(long from, long to) {
        if (copies == copyStart.length) {
            copyStart = Arrays.copyOf(copyStart, copies * 2);
            copyEnd = Arrays.copyOf(copyEnd, copies * 2);
            copyOffset = Arrays.copyOf(copyOffset, copies * 2);
            copyRange = Arrays.copyOf(copyRange, copies * 2);
        }
        copyStart[copies] = from;
        copyEnd[copies] = to;
        copyRange[copies] = list.count();
        copyOffset[copies++] = list.add(from, to - from);
    }
}
