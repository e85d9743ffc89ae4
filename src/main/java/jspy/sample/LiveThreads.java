package jspy.sample;

import jspy.memory.TargetMemory;
import jspy.os.LinuxKernel;
import jspy.process.TargetProcess;
import jspy.process.ThreadControlBlock;
import jspy.process.ThreadIds;
import jspy.process.ThreadStates;
import jspy.python.ThreadList;
import jspy.python.ThreadNames;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * {@link TargetThreads} of a running Linux process: ids and states from /proc, names from the
 * interpreter.
 */
final class LiveThreads implements TargetThreads {
    private final TargetProcess process;
    private final ThreadControlBlock blocks;
    private final ThreadIds ids;
    private final ThreadStates states;
    private final ThreadNames names;
    private final ThreadList list;

    /** By thread id, ascending; a map would make an object of every number. */
    private int[] lookedAt = new int[16];

    private Look[] looks = new Look[16];
    private int lookCount;

    LiveThreads(Attachment attachment, TargetMemory memory, LinuxKernel kernel) throws IOException {
        process = attachment.process();
        blocks = attachment.threadBlocks();
        ids = process.threadIds();
        states = new ThreadStates(kernel, process.proc(), process.pid());
        names = new ThreadNames(memory, attachment.runtime());
        list = new ThreadList(memory, attachment.runtime());
    }

    @Override
    public long hostThreadId(long nativeId, long ident) {
        if (nativeId == 0) {
            return listed(nativeIdOf(ident));
        }
        long host = listed((int) nativeId);
        return host != 0 || ids.count() == 0 ? host : hostIdOfForked(nativeId, ident);
    }

    @Override
    public boolean isActive(long hostThreadId, boolean moved) {
        if (hostThreadId <= 0) {
            return hostThreadId != GONE;
        }
        int thread = (int) hostThreadId;
        Look last = look(thread);
        // The count is read before the state: a thread that wakes in between has another one next
        // time.
        boolean counted = states.lookAtSchedule(thread) == ThreadStates.OK;
        if (counted && last.asleep && !moved && states.switches() == last.switches) {
            return false; // it has not been scheduled since it was seen asleep
        }
        last.switches = states.switches();
        int looked = states.look(thread);
        if (looked != ThreadStates.OK) {
            forget(thread);
            return looked != ThreadStates.ENDED;
        }
        boolean active = states.state() == 'R';
        last.asleep = counted && !active;
        return active;
    }

    @Override
    public String systemName(long hostThreadId) {
        try {
            return process.proc().text(process.pid(), "task/" + hostThreadId + "/comm").strip();
        } catch (IOException ended) {
            return null;
        }
    }

    @Override
    public Map<Long, String> names() {
        return new HashMap<>(names.read());
    }

    // internals

    private Look look(int thread) {
        int at = Arrays.binarySearch(lookedAt, 0, lookCount, thread);
        if (at >= 0) {
            return looks[at];
        }
        at = -1 - at;
        if (lookCount == lookedAt.length) {
            lookedAt = Arrays.copyOf(lookedAt, lookCount * 2);
            looks = Arrays.copyOf(looks, lookCount * 2);
        }
        System.arraycopy(lookedAt, at, lookedAt, at + 1, lookCount - at);
        System.arraycopy(looks, at, looks, at + 1, lookCount - at);
        lookCount++;
        lookedAt[at] = thread;
        looks[at] = new Look();
        return looks[at];
    }

    private void forget(int thread) {
        int at = Arrays.binarySearch(lookedAt, 0, lookCount, thread);
        System.arraycopy(lookedAt, at + 1, lookedAt, at, lookCount - at - 1);
        System.arraycopy(looks, at + 1, looks, at, lookCount - at - 1);
        lookCount--;
    }

    private long listed(int nativeId) {
        if (nativeId != 0 && ids.listedId(nativeId) == 0) {
            refresh();
        }
        return ids.listedId(nativeId);
    }

    /**
     * Of a thread state whose native id no thread has. In a fork that Python was not told of, that
     * of the thread which forked has its parent's id, but its {@code pthread_t} is right; the
     * others have no thread any more. A thread that has ended took its state with it.
     */
    private long hostIdOfForked(long nativeId, long ident) {
        List<ThreadList.State> kept = list.read();
        if (kept.stream().noneMatch(state -> state.nativeId() == nativeId)) {
            return 0;
        }
        int byDescriptor = nativeIdOf(ident);
        boolean taken = kept.stream().anyMatch(state -> state.nativeId() == byDescriptor);
        if (ids.listedId(byDescriptor) != 0 && !taken) {
            return ids.listedId(byDescriptor);
        }
        boolean othersAreKnown =
                kept.stream()
                        .anyMatch(
                                state ->
                                        ids.isNative((int) state.nativeId())
                                                || ids.isNative(blocks.nativeId(state.ident())));
        return othersAreKnown ? GONE : 0;
    }

    private int nativeIdOf(long ident) {
        int found = blocks.nativeId(ident);
        if (found == 0) {
            refresh();
            blocks.findNativeIds(new long[] {ident}, ids::isNative);
            found = blocks.nativeId(ident);
        }
        return found;
    }

    private void refresh() {
        try {
            ids.refresh();
        } catch (IOException ended) {
            // the process ended: what is known stays
        }
    }

    /** What was seen of a thread last. */
    private static final class Look {
        boolean asleep;
        long switches;
    }
}
