package jspy.unwind;

import jspy.process.Mapping;
import jspy.process.MemoryMaps;

import java.util.List;

/** Where memory that can hold a stack begins and ends in a process, at one moment. Immutable. */
final class StackRanges {
    private final long[] starts;
    private final long[] ends;

    StackRanges(MemoryMaps maps) {
        List<Mapping> writable =
                maps.list().stream().filter(m -> m.isReadable() && m.isWritable()).toList();
        starts = writable.stream().mapToLong(Mapping::start).toArray();
        ends = writable.stream().mapToLong(Mapping::end).toArray();
    }

    /** End of the mapping that holds the address; 0 when there is none. */
    long endOf(long address) {
        int found = find(address);
        return found < 0 ? 0 : ends[found];
    }

    /** First address of the mapping that holds the address; 0 when there is none. */
    long startOf(long address) {
        int found = find(address);
        return found < 0 ? 0 : starts[found];
    }

    // internals

    private int find(long address) {
        int low = 0;
        int high = starts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (starts[middle] <= address) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high >= 0 && address < ends[high] ? high : -1;
    }
}
