package jspy.unwind;

import java.util.List;

/** All executable memory of a process at one moment, in the order of addresses. Immutable. */
public final class NativeModules {
    private final NativeModule[] modules;
    private final long[] starts;
    private final long[] ends;

    /** In ascending order, none overlapping another. */
    NativeModules(List<NativeModule> modules) {
        this.modules = modules.toArray(NativeModule[]::new);
        starts = modules.stream().mapToLong(NativeModule::start).toArray();
        ends = modules.stream().mapToLong(NativeModule::end).toArray();
    }

    /** Index of the one that holds the address, -1 when it is not executable. */
    public int find(long address) {
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

    public NativeModule get(int index) {
        return modules[index];
    }

    public int count() {
        return modules.length;
    }

    /** Whether all tables are built. */
    public boolean isReady() {
        for (NativeModule module : modules) {
            if (module.rules() != null && !module.rules().isTableReady()) {
                return false;
            }
        }
        return true;
    }

    /** Builds the tables that are missing, on the calling thread. */
    public void buildTables() {
        for (NativeModule module : modules) {
            if (module.rules() != null) {
                module.rules().build();
            }
        }
    }
}
