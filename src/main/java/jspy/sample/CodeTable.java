package jspy.sample;

import jspy.python.RawCode;

import java.util.Arrays;

/**
 * Numbers for code objects: the sampler looks an address up, the drain finds the copied code by its
 * number. An address whose code object has been replaced gets a new number.
 *
 * <p>The sampler thread alone writes. A number reaches the drain through the ring, whose commit
 * releases what was stored here before it.
 */
public final class CodeTable {
    /** {@link #find}: an address that has not been met. */
    public static final int UNKNOWN = -1;

    /** The number of everything that is no readable code object. */
    public static final int UNREADABLE = 0;

    private static final long EMPTY = 0;

    private long[] addresses = new long[1024];
    private int[] numbers = new int[1024];
    private int entries;

    private RawCode[] codes = new RawCode[1024];
    private int count = 1;

    /** The number of the code object at an address, or {@link #UNKNOWN}. */
    public int find(long address) {
        if (address == EMPTY) {
            return UNREADABLE;
        }
        int mask = addresses.length - 1;
        for (int at = hash(address) & mask; addresses[at] != EMPTY; at = at + 1 & mask) {
            if (addresses[at] == address) {
                return numbers[at];
            }
        }
        return UNKNOWN;
    }

    /** A code object was copied; {@code null}: what lies at the address is none. */
    public int add(long address, RawCode code) {
        int number = UNREADABLE;
        if (code != null) {
            if (count == codes.length) {
                codes = Arrays.copyOf(codes, count * 2);
            }
            number = count++;
            codes[number] = code;
        }
        put(address, number);
        return number;
    }

    /** Another code object lives at the address now: the next walk that meets it copies it. */
    public void forget(long address) {
        int mask = addresses.length - 1;
        int at = hash(address) & mask;
        while (addresses[at] != EMPTY) {
            if (addresses[at] == address) {
                numbers[at] = UNKNOWN; // the place stays taken: probe chains run through it
                return;
            }
            at = at + 1 & mask;
        }
    }

    /** Drain: the code object of a number that came through the ring. */
    public RawCode code(int number) {
        return codes[number];
    }

    /** Code objects copied so far. */
    public int size() {
        return count - 1;
    }

    // internals

    private void put(long address, int number) {
        int mask = addresses.length - 1;
        int at = hash(address) & mask;
        while (addresses[at] != EMPTY && addresses[at] != address) {
            at = at + 1 & mask;
        }
        if (addresses[at] == EMPTY) {
            addresses[at] = address;
            if (++entries * 2 > addresses.length) {
                numbers[at] = number;
                grow();
                return;
            }
        }
        numbers[at] = number;
    }

    private void grow() {
        long[] oldAddresses = addresses;
        int[] oldNumbers = numbers;
        addresses = new long[oldAddresses.length * 2];
        numbers = new int[oldNumbers.length * 2];
        entries = 0;
        for (int i = 0; i < oldAddresses.length; i++) {
            if (oldAddresses[i] != EMPTY) {
                put(oldAddresses[i], oldNumbers[i]);
            }
        }
    }

    private static int hash(long address) {
        return (int) ((address >>> 4) * 0x9E3779B97F4A7C15L >>> 32);
    }
}
