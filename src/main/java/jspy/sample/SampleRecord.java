package jspy.sample;

/**
 * What travels through the {@link SpscRing}, in longs. A stack is sent as what differs from the
 * thread's last one: the new frames, leaf first, above {@code kept} frames at the root that are as
 * before.
 *
 * <pre>
 * SAMPLE   length, SAMPLE, stream, time in ns, proof | threads &lt;&lt; 32, then for each thread
 *            slot | flags &lt;&lt; 32,  frames sent | frames kept &lt;&lt; 32,  frames …
 *          a frame: instruction offset in the low half, code number in the high one
 * THREAD   length, THREAD, stream, slot, ident, native id
 * </pre>
 */
final class SampleRecord {
    static final int KIND = 1;
    static final long SAMPLE = 1;
    static final long THREAD = 2;

    /** Which reader sent it: a stream is the threads under one GIL of one process. */
    static final int STREAM = 2;

    static final int TIME = 3;
    static final int PROOF_AND_THREADS = 4;
    static final int FIRST_THREAD = 5;
    static final int THREAD_HEADER_LONGS = 2;

    static final int SLOT = 3;
    static final int IDENT = 4;
    static final int NATIVE_ID = 5;
    static final int THREAD_LONGS = 6;

    /** Proof of a sample: the holder stood still. */
    static final int PROVED = 0;

    /** Proof of a sample: two copies in one call, the frames at the root that agree. */
    static final int AGREED = 1;

    /** Proof of a sample: all threads were stopped. */
    static final int STOPPED = 2;

    /** Flags of a thread: holds the GIL; the leaf side is uncertain; the root was not reached. */
    static final int HOLDS_GIL = 1;

    static final int TORN = 2;
    static final int TRUNCATED = 4;

    /** Flag of a thread in an {@link #AGREED} sample: it was proved all the same. */
    static final int PROVED_ALONE = 8;

    /** Flag of a thread: it was read with its native frames, and the flags below are of that. */
    static final int NATIVE = 16;

    /** It slept: what it last sent is as it was, if it was sent at all. */
    static final int SLEEPS = 32;

    /** Its native frames go down to the root. */
    static final int REACHED = 64;

    private SampleRecord() {}

    static long frame(int codeNumber, int instruction) {
        return (long) codeNumber << 32 | instruction & 0xFFFFFFFFL;
    }

    static int codeNumber(long frame) {
        return (int) (frame >>> 32);
    }

    static int instruction(long frame) {
        return (int) frame;
    }

    static long pair(int low, int high) {
        return (long) high << 32 | low & 0xFFFFFFFFL;
    }

    static int low(long pair) {
        return (int) pair;
    }

    static int high(long pair) {
        return (int) (pair >>> 32);
    }
}
