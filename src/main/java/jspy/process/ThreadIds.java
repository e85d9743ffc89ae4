package jspy.process;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The threads of a process by their two ids: the one under which this {@code /proc} lists it, and
 * the native one, which the thread itself sees ({@code gettid}). They differ when the target lives
 * in a PID namespace. One thread uses it; {@link #refresh} costs a read a thread there, a directory
 * listing otherwise.
 */
public final class ThreadIds {
    private final ProcFiles proc;
    private final int pid;
    private final boolean isNamespaced;
    private final Map<Integer, Integer> listedByNative = new HashMap<>();

    ThreadIds(ProcFiles proc, int pid, boolean isNamespaced) {
        this.proc = proc;
        this.pid = pid;
        this.isNamespaced = isNamespaced;
    }

    /** Lists the threads anew. */
    public void refresh() throws IOException {
        listedByNative.clear();
        for (int listed : proc.threads(pid)) {
            int nativeId = isNamespaced ? nativeIdOrZero(listed) : listed;
            if (nativeId != 0) {
                listedByNative.put(nativeId, listed);
            }
        }
    }

    /**
     * Id in this {@code /proc} of the thread with that native id; 0 when there was none at the last
     * refresh.
     */
    public int listedId(int nativeId) {
        return listedByNative.getOrDefault(nativeId, 0);
    }

    /** Native ids of all threads, as of the last refresh, in no order. */
    public int[] nativeIds() {
        return listedByNative.keySet().stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * The same by what CPython knows of a thread, listed anew where it was not there yet; 0 when it
     * ended.
     *
     * @param threadSelf its pthread_t
     * @param nativeId 0 when CPython does not say it: then the thread's descriptor is asked
     */
    int listedId(ThreadControlBlock blocks, long threadSelf, long nativeId) {
        int target = nativeId != 0 ? (int) nativeId : blocks.nativeId(threadSelf);
        if (target == 0 || listedId(target) == 0) {
            try {
                refresh();
                if (target == 0) {
                    blocks.findNativeIds(new long[] {threadSelf}, this::isNative);
                    target = blocks.nativeId(threadSelf);
                }
            } catch (IOException ended) {
                return 0;
            }
        }
        return target == 0 ? 0 : listedId(target);
    }

    public boolean isNative(int nativeId) {
        return listedByNative.containsKey(nativeId);
    }

    public int count() {
        return listedByNative.size();
    }

    public boolean isNamespaced() {
        return isNamespaced;
    }

    // internals

    private int nativeIdOrZero(int listed) {
        try {
            int[] ids =
                    new ProcessStatus(proc.text(pid, "task/" + listed + "/status")).namespacedIds();
            return ids.length == 0 ? listed : ids[ids.length - 1];
        } catch (IOException e) {
            // it ended since it was listed
            return 0;
        }
    }
}
