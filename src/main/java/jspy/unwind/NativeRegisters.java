package jspy.unwind;

/**
 * The registers of one frame, by DWARF number, as far as they are known: all where a thread was
 * stopped or interrupted, two or three further up. One thread.
 */
public final class NativeRegisters {
    private final long[] values = new long[Machine.PROGRAM_COUNTER + 1];
    private long known;

    /** Forgets all. */
    public void clear() {
        known = 0;
    }

    public void set(int register, long value) {
        values[register] = value;
        known |= 1L << register;
    }

    public void setProgramCounter(long value) {
        set(Machine.PROGRAM_COUNTER, value);
    }

    public long programCounter() {
        return values[Machine.PROGRAM_COUNTER];
    }

    public boolean isKnown(int register) {
        return (known >>> register & 1) != 0;
    }

    public long get(int register) {
        return values[register];
    }

    public void copyFrom(NativeRegisters other) {
        System.arraycopy(other.values, 0, values, 0, values.length);
        known = other.known;
    }

    /** Forgets all but these. */
    void keepOnly(long mask) {
        known &= mask;
    }
}
