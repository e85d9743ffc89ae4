package jspy.process;

import jspy.memory.TargetMemory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Where in a C library's thread descriptor the native thread id is: at the offset that the library
 * names, or, checked the same way, where a search finds it. An offset holds when it gives every
 * thread a different id that exists.
 */
final class ThreadIdOffset {
    /** {@code sizeof(struct pthread)} of glibc 2.36 is 0x900; the id is in the first third. */
    private static final int SEARCHED_BYTES = 0x400;

    private final TargetMemory memory;
    private final MemorySegment copy = Arena.ofAuto().allocate(SEARCHED_BYTES, 8);

    ThreadIdOffset(TargetMemory memory) {
        this.memory = memory;
    }

    /**
     * @param threads addresses of thread descriptors ({@code pthread_self()})
     * @param hint where it should be, or -1
     * @return empty when no offset holds, or several do and nothing tells which
     */
    OptionalInt find(long[] threads, IntPredicate isNativeId, int hint) {
        if (hint >= 0 && holds(threads, isNativeId, hint)) {
            return OptionalInt.of(hint);
        }
        int found = -1;
        for (int offset = 0; offset < SEARCHED_BYTES; offset += 4) {
            if (holds(threads, isNativeId, offset)) {
                // before glibc 2.25 the pid followed the tid, and the main thread's are equal
                if (found >= 0 && offset != found + 4) {
                    return OptionalInt.empty();
                }
                found = found < 0 ? offset : found;
            }
        }
        return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
    }

    /** The id at that offset, 0 when it cannot be read. */
    int read(long thread, int offset) {
        return memory.read(thread + offset, copy, 0, 4) == 4
                ? copy.get(ValueLayout.JAVA_INT, 0)
                : 0;
    }

    // internals

    private boolean holds(long[] threads, IntPredicate isNativeId, int offset) {
        int[] ids = new int[threads.length];
        for (int i = 0; i < threads.length; i++) {
            ids[i] = read(threads[i], offset);
            if (!isNativeId.test(ids[i])) {
                return false;
            }
        }
        return threads.length > 0 && Arrays.stream(ids).distinct().count() == threads.length;
    }
}
