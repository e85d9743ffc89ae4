package jspy.sample;

import jspy.python.ThreadStack;

import java.util.Arrays;

/**
 * Writes samples into the ring as {@link SampleRecord} describes: what is new in each stack.
 * Remembers the stack that was sent last for every thread; a sample that finds no room leaves that
 * memory as it is. Sampler thread; no allocation once grown.
 */
final class SampleEncoder {
    private final SpscRing ring;
    private final CodeTable codes;
    private final int stream;
    private Sent[] slots = new Sent[16];
    private long[] packed = new long[1024];
    private int[] start = new int[16];
    private boolean urgent;

    SampleEncoder(SpscRing ring, CodeTable codes, int stream) {
        this.ring = ring;
        this.codes = codes;
        this.stream = stream;
    }

    /**
     * Sends a sample.
     *
     * @param reader whose stacks are sent
     * @param proof how the sample was proved, as in {@link SampleRecord}
     * @return false when the ring had no room
     */
    boolean send(StackSource reader, int proof, long timeNanos) {
        int threads = reader.threads();
        if (!introduce(reader)) {
            return false;
        }
        if (start.length <= threads) {
            start = new int[threads * 2];
        }
        int end = 0;
        int length = SampleRecord.FIRST_THREAD + threads * SampleRecord.THREAD_HEADER_LONGS;
        for (int t = 0; t < threads; t++) {
            ThreadStack thread = reader.thread(t);
            Sent sent = slots[thread.slot()];
            MergedStack merged = reader.merged(t);
            start[t] = end;
            if (sent.isSame(version(thread, merged, proof))) {
                sent.take(sent.depth, packed, end, end);
            } else if (merged != null) {
                end = pack(merged, end);
                sent.take(0, packed, start[t], end);
            } else {
                int same = proof == SampleRecord.PROVED ? sent.asSent(thread) : 0;
                end = pack(thread, certainFrames(reader, proof, t), same, end);
                sent.take(same, packed, start[t], end);
            }
            length += sent.fresh;
        }
        start[threads] = end;
        long position = ring.claim(length);
        if (position == SpscRing.FULL) {
            return false;
        }
        ring.put(position, SampleRecord.KIND, SampleRecord.SAMPLE);
        ring.put(position, SampleRecord.STREAM, stream);
        ring.put(position, SampleRecord.TIME, timeNanos);
        ring.put(position, SampleRecord.PROOF_AND_THREADS, SampleRecord.pair(proof, threads));
        int at = SampleRecord.FIRST_THREAD;
        boolean others = false;
        for (int t = 0; t < threads; t++) {
            ThreadStack thread = reader.thread(t);
            Sent sent = slots[thread.slot()];
            MergedStack merged = reader.merged(t);
            boolean holds = reader.isHolder(thread);
            others |= !holds;
            int flags = holds ? SampleRecord.HOLDS_GIL : 0;
            if (proof == SampleRecord.AGREED && reader.isProved(t)) {
                flags |= SampleRecord.PROVED_ALONE;
            }
            if (merged != null) {
                flags |= merged.flags();
            } else {
                flags |= pythonFlags(thread, certainFrames(reader, proof, t));
            }
            ring.put(position, at++, SampleRecord.pair(thread.slot(), flags));
            ring.put(position, at++, SampleRecord.pair(sent.fresh, sent.newKept));
            for (int i = 0; i < sent.fresh; i++) {
                ring.put(position, at++, packed[start[t] + i]);
            }
            sent.remember(packed, start[t]);
            sent.version = version(thread, merged, proof);
            thread.known().sent(merged == null && proof == SampleRecord.PROVED);
        }
        ring.commit();
        urgent = others || ring.isFilling();
        return true;
    }

    /**
     * Whether the sample sent last should not wait for the drain's next look: the system has to be
     * asked at once whether threads that do not hold the GIL run, or the ring fills.
     */
    boolean isUrgent() {
        return urgent;
    }

    // internals

    /** Equal ones of one thread are the same frames; those of merged stacks are below 0. */
    private static long version(ThreadStack thread, MergedStack merged, int proof) {
        if (merged != null) {
            return ~merged.version();
        }
        return proof == SampleRecord.PROVED ? thread.version() : Sent.NEVER;
    }

    private static int pythonFlags(ThreadStack thread, int certain) {
        return (thread.status() != ThreadStack.COMPLETE ? SampleRecord.TRUNCATED : 0)
                | (certain < thread.depth() ? SampleRecord.TORN : 0);
    }

    private static int certainFrames(StackSource reader, int proof, int thread) {
        return proof == SampleRecord.AGREED
                ? reader.agreedFrames(thread)
                : reader.thread(thread).depth();
    }

    /** Sends a THREAD record for each slot that another thread has than before. */
    private boolean introduce(StackSource reader) {
        for (int t = 0; t < reader.threads(); t++) {
            ThreadStack thread = reader.thread(t);
            int slot = thread.slot();
            if (slot >= slots.length) {
                slots = Arrays.copyOf(slots, Math.max(slot + 1, slots.length * 2));
            }
            if (slots[slot] == null || !slots[slot].isOf(thread)) {
                long position = ring.claim(SampleRecord.THREAD_LONGS);
                if (position == SpscRing.FULL) {
                    return false;
                }
                ring.put(position, SampleRecord.KIND, SampleRecord.THREAD);
                ring.put(position, SampleRecord.STREAM, stream);
                ring.put(position, SampleRecord.SLOT, slot);
                ring.put(position, SampleRecord.IDENT, thread.ident());
                ring.put(position, SampleRecord.NATIVE_ID, thread.nativeId());
                ring.commit();
                slots[slot] = new Sent(thread);
            }
        }
        return true;
    }

    /**
     * Packs the certain frames of a stack, leaf first, but for those {@code same} at the root; the
     * new end of {@link #packed}.
     */
    private int pack(ThreadStack thread, int certain, int same, int from) {
        makeRoom(from + certain);
        int at = from;
        for (int i = thread.depth() - certain; i < thread.depth() - same; i++) {
            int code = Math.max(CodeTable.UNREADABLE, codes.find(thread.code(i)));
            packed[at++] = SampleRecord.frame(code, thread.instruction(i));
        }
        return at;
    }

    private int pack(MergedStack merged, int from) {
        makeRoom(from + merged.count());
        for (int i = 0; i < merged.count(); i++) {
            packed[from + i] = merged.frame(i);
        }
        return from + merged.count();
    }

    private void makeRoom(int longs) {
        if (longs > packed.length) {
            packed = Arrays.copyOf(packed, Math.max(longs, packed.length * 2));
        }
    }

    /** The stack that was sent last for a thread, root first. */
    private static final class Sent {
        static final long NEVER = Long.MIN_VALUE;

        private final ThreadStack thread;
        private final long ident;
        private long[] frames = new long[64];
        private int depth;

        /**
         * Of the stack at hand: frames at the root known to be as sent, found to be, and others.
         */
        int same;

        int newKept;
        int fresh;

        /** The version of the whole stack that was sent, if it was proved. */
        long version = NEVER;

        Sent(ThreadStack thread) {
            this.thread = thread;
            ident = thread.ident();
            thread.known().sent(false);
        }

        /**
         * The same slot with the same thread: a thread state whose memory was used again is another
         * one.
         */
        boolean isOf(ThreadStack other) {
            return thread == other && ident == other.ident();
        }

        /** Whether a stack of that version is the one that was sent. */
        boolean isSame(long other) {
            return other != NEVER && other == version;
        }

        /** Frames at the root that the walks since then left as they were. */
        int asSent(ThreadStack now) {
            return Math.min(depth, now.known().asSent());
        }

        /**
         * Compares a stack with the one that was sent: {@code same} frames at the root, which are
         * known to be, and those packed, leaf first.
         */
        void take(int same, long[] stacks, int from, int to) {
            newKept = same;
            int at = to - 1;
            while (newKept < depth && at >= from && frames[newKept] == stacks[at]) {
                newKept++;
                at--;
            }
            fresh = same + to - from - newKept;
        }

        void remember(long[] stacks, int from) {
            depth = newKept + fresh;
            if (depth > frames.length) {
                frames = Arrays.copyOf(frames, Math.max(depth, frames.length * 2));
            }
            for (int i = 0; i < fresh; i++) {
                frames[depth - 1 - i] = stacks[from + i];
            }
        }
    }
}
