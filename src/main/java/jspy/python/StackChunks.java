package jspy.python;

import jspy.layout.Offsets;
import jspy.memory.WorkingSet;

/**
 * The chunks of memory in which 3.11 and newer keep a thread's frames, newest first: reading one
 * brings many frames at once. {@code _PyStackChunk} of CPython's Include/cpython/pystate.h. One
 * sampler thread; no allocation.
 */
final class StackChunks {
    /**
     * Read beyond the top of a stack chunk, so that a stack that has grown by the next sample is in
     * the same read.
     */
    static final int HEAD_ROOM_BYTES = 1024;

    /** {@code DATA_STACK_CHUNK_SIZE}, Python/pystate.c: all chunks but those of huge frames. */
    static final int CHUNK_BYTES = 16 * 1024;

    /** {@code _PyStackChunk}: previous, size, top. Include/cpython/pystate.h, 3.11 on. */
    private static final long CHUNK_PREVIOUS = 0;

    private static final long CHUNK_SIZE = 8;
    private static final long CHUNK_HEADER_BYTES = 24;

    /** {@code datastack_limit} follows {@code datastack_top} in every version that has them. */
    private static final long LIMIT_AFTER_TOP = 8;

    private final WorkingSet set;
    private final long datastackChunk;
    private final long datastackTop;
    private long currentChunk;

    StackChunks(Offsets offsets, WorkingSet set) {
        this.set = set;
        datastackChunk = offsets.thread().datastackChunk();
        datastackTop = offsets.thread().datastackTop();
    }

    /** Where in a {@code PyThreadState} that ends which is read here. */
    long endInThread() {
        return datastackTop + LIMIT_AFTER_TOP + 8;
    }

    /**
     * Looks at the thread state whose copy lies at an offset. False when the used part of the
     * thread's current stack chunk has not been copied.
     */
    boolean expect(long at) {
        currentChunk = set.getLong(at + datastackChunk);
        long top = set.getLong(at + datastackTop);
        long limit = set.getLong(at + datastackTop + LIMIT_AFTER_TOP);
        long usedBytes = top - currentChunk;
        long mostBytes = limit - currentChunk;
        if (currentChunk == 0
                || usedBytes < CHUNK_HEADER_BYTES
                || usedBytes > mostBytes
                || mostBytes > WorkingSet.RANGE_MAX_BYTES) {
            currentChunk = 0; // no chunk yet, or no such chunk: frames are looked for one by one
            return true;
        }
        long wantedBytes = Math.min(usedBytes + HEAD_ROOM_BYTES, mostBytes);
        if (set.locate(currentChunk, usedBytes) == WorkingSet.MISS) {
            if (set.want(currentChunk, wantedBytes)) {
                return false;
            }
            currentChunk = 0;
            return true;
        }
        set.expect(currentChunk, wantedBytes);
        return true;
    }

    /**
     * Wants a frame, by the stack chunk it lies in where there is one: a chunk holds many more.
     * False when it cannot be had.
     *
     * @param bias from the first copies to those that the walk uses
     */
    boolean want(long frame, long frameBytes, long bias) {
        long chunk = currentChunk;
        long most = set.bufferBytes() / CHUNK_HEADER_BYTES;
        for (long steps = 0; chunk != 0 && steps <= most; steps++) {
            long at = set.locate(chunk, CHUNK_HEADER_BYTES);
            if (at == WorkingSet.MISS) {
                // the next older chunk, in which the frame may lie
                if (set.want(chunk, CHUNK_BYTES)) {
                    set.want(frame, frameBytes);
                    return true;
                }
                break;
            }
            long sizeBytes = set.getLong(at + bias + CHUNK_SIZE);
            if (frame >= chunk && frame - chunk < sizeBytes) {
                if (set.want(chunk, sizeBytes)) {
                    return true;
                }
                break;
            }
            chunk = set.getLong(at + bias + CHUNK_PREVIOUS);
        }
        return set.want(frame, frameBytes);
    }
}
