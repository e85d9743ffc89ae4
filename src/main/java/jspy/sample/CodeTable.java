package jspy.sample;

import jspy.python.CodeIdentity;
import jspy.python.RawCode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Numbers for code objects: the sampler looks an address up, the drain finds the copied code by its
 * number.
 *
 * <p>A code object is copied anew in every sample that meets it until it has proved lasting; then
 * its number is taken by its address, and the {@link CodeGuard} watches that it is not freed and
 * replaced ({@link #replaced}). An address where that happened is copied in every sample from then
 * on. So a program that creates and frees functions without end gets right names, and all others
 * pay for a few samples.
 *
 * <p>Codes that last keep their number and their copy for good; those that pass are dropped once
 * the drain is far beyond them, so that such a program does not fill the memory ({@link
 * PassingNumbers}).
 *
 * <p>The sampler thread alone writes. A number reaches the drain through the ring, whose commit
 * releases what was stored here before it.
 */
public final class CodeTable {
    /** {@link #find}: an address whose code object has to be copied. */
    public static final int UNKNOWN = -1;

    /** The number of everything that is no readable code object. */
    public static final int UNREADABLE = 0;

    private static final long EMPTY = 0;

    /** {@link #stamps}: the number holds until the guard says otherwise. */
    private static final int STABLE = 0;

    /**
     * A code object that was itself in so many samples, over so long, is likely to stay: the guard
     * watches it then.
     */
    private static final int STABLE_SIGHTINGS = 3;

    private static final long STABLE_NANOS = 50_000_000;
    private static final int NEVER_STABLE = Integer.MIN_VALUE / 2;

    /** Codes of volatile addresses after which equal ones get new numbers: bounds the map. */
    static final int GENERATION = 4 * PassingNumbers.PAGE;

    private final CodeIdentity identity;
    private final LongSupplier nanoClock;
    private long[] addresses = new long[1024];
    private int[] numbers = new int[1024];
    private int[] stamps = new int[1024]; // STABLE, or the sample in which the number was right
    private int[] sightings = new int[1024]; // samples in a row with the same code there
    private long[] bornNanos = new long[1024]; // when the address was met first
    private long[] contents = new long[1024]; // of the code that was met there last
    private int entries;
    private long nanos;
    private int sample = 2;
    private int changes;

    private RawCode[] codes = new RawCode[1024];
    private int count = 1;

    private final PassingNumbers<RawCode> passing = new PassingNumbers<>();
    private int passed;
    private final Map<Long, Integer> byContent = new HashMap<>(); // of volatile addresses alone

    private final ConcurrentLinkedQueue<Long> replaced = new ConcurrentLinkedQueue<>();

    public CodeTable(CodeIdentity identity) {
        this(identity, System::nanoTime);
    }

    CodeTable(CodeIdentity identity, LongSupplier nanoClock) {
        this.identity = identity;
        this.nanoClock = nanoClock;
    }

    /** Sampler: a new reading begins; volatile addresses have to be copied again. */
    void beginSample() {
        if (++sample == Integer.MAX_VALUE) {
            sample = 2;
        }
        nanos = nanoClock.getAsLong();
        for (Long address = replaced.poll(); address != null; address = replaced.poll()) {
            makeVolatile(address);
        }
    }

    /** Any thread: another code object lives at that address than the one that has its number. */
    void replaced(long address) {
        replaced.add(address);
    }

    /** The number of the code object at an address, or {@link #UNKNOWN}. */
    public int find(long address) {
        if (address == EMPTY) {
            return UNREADABLE;
        }
        int at = place(address);
        if (addresses[at] != address) {
            return UNKNOWN;
        }
        return stamps[at] == STABLE || stamps[at] == sample ? numbers[at] : UNKNOWN;
    }

    /** Sampler: whether the code object at an address has its number until {@link #changes}. */
    boolean lasts(long address) {
        if (address == EMPTY) {
            return true;
        }
        int at = place(address);
        return addresses[at] == address && stamps[at] == STABLE;
    }

    /** Sampler: how often a number that was to last was taken back. */
    int changes() {
        return changes;
    }

    /** A code object was copied; {@code null}: what lies at the address is none. */
    public int add(long address, RawCode code) {
        int at = place(address);
        if (addresses[at] != address) {
            at = insert(address);
        }
        long content = code == null ? 0 : identity.hash(code);
        boolean isNew = numbers[at] == UNKNOWN || content != contents[at];
        sightings[at] = isNew ? Math.min(sightings[at], 1) : sightings[at] + 1;
        contents[at] = content;
        numbers[at] = certainNumber(code, content);
        stamps[at] = sample;
        boolean lasting =
                sightings[at] >= STABLE_SIGHTINGS
                        && nanos - bornNanos[at] > STABLE_NANOS
                        && (code == null || identity.mayLast(code));
        if (lasting) {
            numbers[at] = number(code);
            stamps[at] = STABLE;
        }
        return numbers[at];
    }

    /** Drain: the code object of a number that came through the ring; null: dropped since. */
    public RawCode code(int number) {
        return PassingNumbers.has(number) ? passing.get(number) : codes[number];
    }

    /** Drain: needs no passing code below this number any more. */
    void dropBelow(int number) {
        passing.dropBelow(number);
    }

    /**
     * Drain: whether the number was checked in the very sample that has it, so that it needs no
     * guard.
     */
    boolean isCertain(int number) {
        return PassingNumbers.has(number);
    }

    /** Code objects copied so far. */
    public int size() {
        return count - 1 + passed;
    }

    // internals

    private int number(RawCode code) {
        if (code == null) {
            return UNREADABLE;
        }
        if (count == codes.length) {
            codes = Arrays.copyOf(codes, count * 2);
        }
        codes[count] = code;
        return count++;
    }

    /**
     * The number of a volatile address's code: that of an equal one that was met there or
     * elsewhere.
     */
    private int certainNumber(RawCode code, long content) {
        if (code == null) {
            return UNREADABLE;
        }
        Integer known = byContent.get(content);
        if (known != null && identity.isSame(passing.get(known), code)) {
            return known;
        }
        if (passed == Integer.MAX_VALUE - PassingNumbers.FIRST) {
            return UNREADABLE; // weeks of ten thousand new functions a second
        }
        if (passed % GENERATION == 0) {
            byContent.clear();
        }
        int number = PassingNumbers.FIRST + passed++;
        passing.put(number, code);
        byContent.put(content, number);
        return number;
    }

    private void makeVolatile(long address) {
        int at = place(address);
        if (addresses[at] == address && stamps[at] == STABLE) {
            changes++;
            stamps[at] = sample - 1;
            sightings[at] = NEVER_STABLE;
        }
    }

    private int place(long address) {
        int mask = addresses.length - 1;
        int at = hash(address) & mask;
        while (addresses[at] != EMPTY && addresses[at] != address) {
            at = at + 1 & mask;
        }
        return at;
    }

    private int insert(long address) {
        if (++entries * 2 > addresses.length) {
            grow();
        }
        int at = place(address);
        addresses[at] = address;
        numbers[at] = UNKNOWN;
        bornNanos[at] = nanos;
        return at;
    }

    private void grow() {
        long[] oldAddresses = addresses;
        long[] oldBorn = bornNanos;
        long[] oldContents = contents;
        int[] oldNumbers = numbers;
        int[] oldStamps = stamps;
        int[] oldSightings = sightings;
        int larger = oldAddresses.length * 2;
        addresses = new long[larger];
        bornNanos = new long[larger];
        contents = new long[larger];
        numbers = new int[larger];
        stamps = new int[larger];
        sightings = new int[larger];
        for (int i = 0; i < oldAddresses.length; i++) {
            if (oldAddresses[i] != EMPTY) {
                int at = place(oldAddresses[i]);
                addresses[at] = oldAddresses[i];
                bornNanos[at] = oldBorn[i];
                contents[at] = oldContents[i];
                numbers[at] = oldNumbers[i];
                stamps[at] = oldStamps[i];
                sightings[at] = oldSightings[i];
            }
        }
    }

    private static int hash(long address) {
        return (int) ((address >>> 4) * 0x9E3779B97F4A7C15L >>> 32);
    }
}
