package jspy.sample;

import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.python.CodeIdentity;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Finds code objects that were freed and replaced by others at the same address: now and then it
 * reads the guard words of all codes that samples have used since the last time, in one batch. A
 * code that is still itself was itself all the time; one that is not makes the samples since then
 * doubtful. Drain thread, with a memory of its own.
 */
final class CodeGuard {
    private static final int[] NONE = {};

    private final TargetMemory memory;
    private final CodeIdentity identity;
    private final CodeTable codes;
    private final ReadList list = new ReadList(256, 32 * 1024);
    private boolean[] used = new boolean[1024]; // by code number: since the last check
    private MemorySegment[] copies = new MemorySegment[1024]; // by code number
    private int[] numbers = new int[256];
    private int count;

    CodeGuard(TargetMemory memory, CodeIdentity identity, CodeTable codes) {
        this.memory = memory;
        this.identity = identity;
        this.codes = codes;
    }

    /** A sample uses this code. */
    void use(int number) {
        if (number == CodeTable.UNREADABLE || codes.isCertain(number)) {
            return;
        }
        if (number >= used.length) {
            used = Arrays.copyOf(used, Math.max(number + 1, used.length * 2));
        }
        if (!used[number]) {
            used[number] = true;
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count * 2);
            }
            numbers[count++] = number;
        }
    }

    /**
     * Checks all codes that were used.
     *
     * @return the numbers of those that were replaced, mostly none
     */
    int[] check() {
        int[] replaced = NONE;
        list.clear();
        for (int i = 0; i < count; i++) {
            list.add(
                    codes.code(numbers[i]).address() + identity.guardOffset(),
                    identity.guardBytes());
        }
        int next = 0;
        while (next < count) {
            int read = memory.readAll(list, next);
            if (read == TargetMemory.GONE
                    || read == TargetMemory.DENIED
                    || read == TargetMemory.FAILED) {
                break; // the target ended: nothing was replaced that anybody could have sampled
            }
            int end = Math.max(read, next);
            for (int i = next; i < end; i++) {
                if (!isStill(numbers[i], list.buffer(), list.offset(i))) {
                    replaced = with(replaced, numbers[i]);
                }
            }
            if (end < count) {
                replaced = with(replaced, numbers[end]); // not even mapped any more
            }
            next = end + 1;
        }
        for (int i = 0; i < count; i++) {
            used[numbers[i]] = false;
        }
        count = 0;
        for (int number : replaced) {
            codes.replaced(codes.code(number).address());
        }
        return replaced;
    }

    // internals

    private boolean isStill(int number, MemorySegment buffer, long offset) {
        if (number >= copies.length) {
            copies = Arrays.copyOf(copies, used.length);
        }
        if (copies[number] == null) {
            copies[number] = MemorySegment.ofArray(codes.code(number).code());
        }
        return identity.isStill(copies[number], buffer, offset);
    }

    private static int[] with(int[] numbers, int number) {
        int[] more = Arrays.copyOf(numbers, numbers.length + 1);
        more[numbers.length] = number;
        return more;
    }
}
