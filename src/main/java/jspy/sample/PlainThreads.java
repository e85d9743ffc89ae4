package jspy.sample;

import jspy.process.TargetProcess;
import jspy.process.ThreadIds;
import jspy.python.ProcessStacks;
import jspy.python.ThreadStack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The threads of a process that have no Python, listed several times a second. Sampler thread;
 * listing allocates.
 */
final class PlainThreads {
    private static final long PERIOD_NANOS = 100_000_000;

    private final ThreadIds ids;
    private final List<NativeThread> threads = new ArrayList<>();
    private long dueNanos = System.nanoTime();

    PlainThreads(TargetProcess process) throws IOException {
        ids = process.threadIds();
    }

    /**
     * Lists them anew if it is time to.
     *
     * @param withPython the threads that are known otherwise
     */
    void refresh(ProcessStacks withPython, NativeReader reader) {
        long now = System.nanoTime();
        if (now - dueNanos < 0) {
            return;
        }
        dueNanos = now + PERIOD_NANOS;
        try {
            ids.refresh();
        } catch (IOException ended) {
            return; // the next read says so
        }
        Set<Integer> left = new HashSet<>();
        for (int nativeId : ids.nativeIds()) {
            left.add(nativeId);
        }
        for (int i = 0; i < withPython.count(); i++) {
            int host = reader.hostId(withPython.thread(i));
            left.removeIf(nativeId -> ids.listedId(nativeId) == host);
        }
        threads.removeIf(thread -> !left.remove((int) thread.python.nativeId()));
        left.stream().sorted().forEach(this::add);
    }

    int count() {
        return threads.size();
    }

    NativeThread get(int index) {
        return threads.get(index);
    }

    // internals

    private void add(int nativeId) {
        int slot = ProcessStacks.MAX_THREADS;
        while (isTaken(slot)) {
            slot++;
        }
        ThreadStack thread = ThreadStack.withoutPython(slot, nativeId);
        threads.add(new NativeThread(thread, ids.listedId(nativeId)));
    }

    private boolean isTaken(int slot) {
        return threads.stream().anyMatch(thread -> thread.python.slot() == slot);
    }
}
