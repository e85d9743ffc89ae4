package jspy.sample;

import jspy.profile.StackTrie;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One process on the drain's side: its threads, the names of its code, and the stacks that wait to
 * be confirmed. Drain thread.
 */
final class DrainedProcess {
    /**
     * Names are asked again so soon when a thread is new, then less and less often, for one that
     * has none yet or that is renamed; and at the end.
     */
    private static final long NAMES_AGAIN_NANOS = 200_000_000;

    private static final long NAMES_WANTED_NANOS = 2_000_000_000L;

    private static final long NAMES_RENEWED_NANOS = 16_000_000_000L;

    /**
     * For how long stacks wait for the guard: so long is a wrong name possible, and then marked. It
     * is shorter for a while after the guard has found something, so that less is marked.
     */
    private static final long WINDOW_NANOS = 100_000_000;

    private static final long SHORT_WINDOW_NANOS = 20_000_000;
    private static final long WATCHFUL_NANOS = 5_000_000_000L;

    private static final int WINDOW_STACKS = 1 << 16;

    final int pid;

    private final Tally tally;
    private final FrameNames names;
    private final TargetThreads target;
    private final CodeGuard guard;
    private final Window window = new Window();
    private final StackTrie codePaths = new StackTrie(); // the stacks by code number
    private final List<SampledThread> threads = new ArrayList<>();
    private long namesDueNanos;
    private long namesAgainNanos = NAMES_AGAIN_NANOS;
    private long windowDueNanos;
    private long windowNanos = WINDOW_NANOS;
    private long watchfulUntilNanos;
    private boolean unnamed;

    DrainedProcess(int pid, Tally tally, FrameNames names, TargetThreads target, CodeGuard guard) {
        this.pid = pid;
        this.tally = tally;
        this.names = names;
        this.target = target;
        this.guard = guard;
    }

    /** A thread that a stream introduced. */
    SampledThread introduce(long nativeId, long ident) {
        long hostId = target.hostThreadId(nativeId, ident);
        SampledThread thread = new SampledThread(tally.log(pid, hostId, ident), ident, hostId);
        threads.removeIf(old -> old.log == thread.log);
        if (Tally.isShared(thread.log)) {
            return thread; // nobody's name is theirs
        }
        threads.add(thread);
        unnamed = true;
        namesDueNanos = 0;
        namesAgainNanos = NAMES_AGAIN_NANOS;
        return thread;
    }

    /** A thread is no more: another has its slot. */
    void forget(SampledThread thread) {
        threads.remove(thread);
    }

    /** A sample was taken, so long after the one before. */
    void sampled(long intervalNanos) {
        tally.sample(intervalNanos);
    }

    /**
     * The stack of a thread in a sample, its frames pushed. {@code kept}: how many at the root are
     * as before.
     */
    void stack(SampledThread thread, int kept, int flags, int proof, long time, long weight) {
        int node = thread.node(tally.trie, codePaths, names, tally.base(flags), kept);
        boolean isEmpty = tally.trie.depth(node) == 0;
        if (counts(thread, isEmpty, flags, kept != thread.depth())) {
            thread.use(guard);
            int counted = tally.count(node, flags, proof, thread.hasUnreadable(names));
            window.add(thread.log, counted, thread.codeNode(), time - tally.startNanos, weight);
        }
    }

    /** How many threads a sample had, and the time it stands for if the GIL was held. */
    void threads(int stream, int count, long time, long heldNanos) {
        tally.feed.sample(stream, pid, count, time - tally.startNanos, heldNanos);
    }

    /** The recording is over. */
    void close() {
        names.close();
    }

    /** What is due now and then: names, and the confirmation of what waits. */
    void tend(long now, boolean last) {
        if (last || now >= windowDueNanos || window.count() > WINDOW_STACKS) {
            boolean replaced = confirm();
            watchfulUntilNanos = replaced ? now + WATCHFUL_NANOS : watchfulUntilNanos;
            windowNanos = now < watchfulUntilNanos ? SHORT_WINDOW_NANOS : WINDOW_NANOS;
            windowDueNanos = now + windowNanos;
            names.tend();
        }
        if (!threads.isEmpty() && (last || now >= namesDueNanos)) {
            renewNames();
            namesDueNanos = now + namesAgainNanos;
            long most = unnamed ? NAMES_WANTED_NANOS : NAMES_RENEWED_NANOS;
            namesAgainNanos = Math.min(namesAgainNanos * 2, most);
        }
    }

    /** For how long stacks wait now. */
    long windowNanos() {
        return windowNanos;
    }

    /** Confirms what waits, now; whether a code of it had been replaced. */
    boolean confirm() {
        int[] replaced = guard.check();
        if (replaced.length > 0) {
            for (int i = 0; i < window.count(); i++) {
                int renamed = without(window.node(i), window.codeNode(i), replaced);
                if (renamed != window.node(i)) {
                    window.rename(i, renamed);
                    tally.replaced();
                }
            }
        }
        window.flush(tally.feed);
        return replaced.length > 0;
    }

    // internals

    private boolean counts(SampledThread thread, boolean isEmpty, int flags, boolean moved) {
        boolean holder = (flags & SampleRecord.HOLDS_GIL) != 0;
        boolean empty = isEmpty && (flags & SampleRecord.TORN) == 0;
        return !empty
                && thread.hostThreadId != TargetThreads.GONE
                && switch (tally.filter) {
                    case GIL_HOLDER -> holder;
                    case ALL -> true;
                    case ACTIVE ->
                            holder
                                    || ((flags & SampleRecord.NATIVE) != 0
                                            ? (flags & SampleRecord.SLEEPS) == 0
                                            : target.isActive(thread.hostThreadId, moved));
                };
    }

    /** The stack with a mark in place of the frames of these codes; itself when it has none. */
    private int without(int node, int codeNode, int[] replaced) {
        int[] path = pathOf(node);
        int bottom = tally.bottomMarks(node);
        boolean any = false;
        for (int at = codeNode; at != StackTrie.ROOT; at = codePaths.parent(at)) {
            int number = codePaths.frame(at);
            for (int doubtful : replaced) {
                if (doubtful == number) {
                    path[bottom + codePaths.depth(at) - 1] = names.unreadable();
                    any = true;
                }
            }
        }
        int renamed = StackTrie.ROOT;
        for (int frame : path) {
            renamed = tally.trie.child(renamed, frame);
        }
        return any ? renamed : node;
    }

    private int[] pathOf(int node) {
        int[] path = new int[tally.trie.depth(node)];
        for (int at = node; at != StackTrie.ROOT; at = tally.trie.parent(at)) {
            path[tally.trie.depth(at) - 1] = tally.trie.frame(at);
        }
        return path;
    }

    private void renewNames() {
        Map<Long, String> found = target.names();
        unnamed = false;
        for (SampledThread thread : threads) {
            String name =
                    thread.ident == SampledThread.WITHOUT_PYTHON
                            ? target.systemName(thread.hostThreadId)
                            : found.get(thread.ident);
            if (name != null) {
                thread.log.setName(name);
                thread.named = true;
            } else if (!thread.named) {
                unnamed = true;
            }
        }
    }
}
