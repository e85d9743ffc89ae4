package jspy.sample;

import jspy.memory.PageCopies;
import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.memory.WorkingSet;
import jspy.process.ThreadCores;
import jspy.python.FrameWalker;
import jspy.python.GilWords;
import jspy.python.ProcessStacks;
import jspy.python.PythonRuntime;
import jspy.python.ThreadStack;
import jspy.sample.VisitedThreads.Seen;

import java.util.List;

/**
 * Reads the stacks of threads that no common lock holds still: free-threaded builds, interpreters
 * with GILs of their own, and CPythons whose GIL does not say who held it last. It visits the cores
 * on which threads ran last, one after another in the same sample, with the whole read at each: a
 * thread whose core is the reader's at both ends has not run, so its stack is proved, and so are
 * all stacks under a GIL whose last holder is such a thread. What was proved is kept, what was not
 * is read twice at last, and the frames on which both copies agree are certain.
 *
 * <p>One sampler thread. Allocates while its buffers grow, for threads and for code objects met for
 * the first time, else nothing.
 */
final class VisitingReader implements StackSource {
    /** Cores that are visited in one sample; each costs a move, some ten microseconds. */
    private static final int MAX_VISITS = 16;

    /**
     * No further core is visited after so long: where every core is crowded, the reader waits its
     * turn at each.
     */
    private static final long MAX_VISITING_NANOS = 20_000_000;

    /** Reads at one core until one is not interrupted. */
    private static final int MAX_TRIES = 4;

    /** Further calls for missed frames in one read, 2–3 µs each. More are made elsewhere. */
    private static final int MAX_MISS_ROUNDS = 24;

    /** The read was interrupted, or a range of it is not mapped: once more. Internal. */
    private static final int AGAIN = 3;

    /** What this core can show has been shown. Internal. */
    private static final int VISITED = 4;

    /** A range that was wanted is not mapped; what was read before it is there. Internal. */
    private static final int FAULTED = 5;

    private final TargetMemory memory;
    private final ReadList list = new ReadList(1024, 256 * 1024);
    private final WorkingSet set = new WorkingSet(list);
    private final FrameWalker walker;
    private final ThreadCores cores; // null: nothing can be proved
    private final NewCodes codes;
    private final SampleCounters counters;
    private final StackFollower follower;

    private final long headAddress;
    private final DomainWords domains;
    private final long[] interpreters;
    private final boolean[] gilStill; // by domain: this read proves what it guards
    private final ThreadRunners runners;

    private final ProcessStacks stacks = new ProcessStacks();
    private final VisitedThreads seen = new VisitedThreads(stacks);
    private boolean wordsRead;

    /**
     * @param domains the interpreters that are read; those without a GIL count each thread alone
     * @param cores null to read from where it is, twice
     */
    VisitingReader(
            TargetMemory memory,
            PythonRuntime runtime,
            List<GilDomain> domains,
            ThreadCores cores,
            CodeTable codes,
            SampleCounters counters) {
        this.memory = memory;
        this.cores = cores;
        this.codes = new NewCodes(memory, runtime.offsets(), codes, counters);
        this.counters = counters;
        this.domains = new DomainWords(runtime, domains);
        headAddress = runtime.interpretersHeadAddress();
        walker = new FrameWalker(runtime.offsets(), runtime.instructionUnits(), set);
        interpreters = this.domains.interpreters();
        gilStill = new boolean[domains.size()];
        runners = new ThreadRunners(runtime, interpreters);
        follower = new StackFollower(memory, list, set, new All(), stacks, counters);
    }

    @Override
    public boolean readAlso(PageCopies pages) {
        return false;
    }

    @Override
    public ProcessStacks stacks() {
        return stacks;
    }

    @Override
    public boolean isHolder(ThreadStack thread) {
        return domains.isHolder(thread);
    }

    @Override
    public int agreedFrames(int index) {
        return follower.agreed(index);
    }

    @Override
    public boolean isProved(int index) {
        return seen.get(index).proved;
    }

    @Override
    public String provedHow() {
        return cores == null ? "" : cores.how();
    }

    @Override
    public boolean isBest(int status) {
        return status == PROVED || status == TWO_COPIES && cores == null;
    }

    @Override
    public boolean settle() {
        return cores == null || cores.settle();
    }

    @Override
    public void close() {
        if (cores != null) {
            cores.release();
            cores.settle();
        }
    }

    @Override
    public int read() {
        codes.beginSample();
        if (interpreters.length == 0) {
            return nothingThere();
        }
        stacks.separateThreads();
        seen.beginSample();
        int status = cores == null ? VISITED : visitCores();
        if (status == VISITED) {
            status = readTwice();
        }
        if (status == PROVED && interpreters.length > 1 && runners.areSure(stacks)) {
            stacks.joinThreads();
        }
        return status;
    }

    @Override
    public void rehearse() {
        StackFollower.rehearse(
                () -> {
                    stacks.separateThreads();
                    return interpreters.length == 0 ? FAILED : readTwice();
                });
    }

    // internals

    /** All stacks and the words of their GILs, for reads that prove nothing. */
    private final class All implements StackFollower.Subject {
        private long wordsAt;

        @Override
        public int addWords() {
            int ranges = domains.addTo(list);
            wordsAt = domains.position();
            return ranges;
        }

        @Override
        public void takeWords() {
            domains.take(list, wordsAt);
        }

        @Override
        public void walk(ProcessStacks into, long copyBias, boolean resume) {
            walker.walk(interpreters, interpreters.length, into, copyBias, resume);
            runners.find(into);
        }

        @Override
        public void leave() {
            if (cores != null) {
                cores.leave();
            }
        }
    }

    private int visitCores() {
        boolean everywhere = true; // whether the cores of all threads are to be found out
        long until = System.nanoTime() + MAX_VISITING_NANOS;
        for (int visit = 0; visit < MAX_VISITS; visit++) {
            int core = visit == 0 ? cores.seat() : seen.mostAwaited();
            if (visit > 0 && core < 0 && !everywhere || visit > 1 && System.nanoTime() > until) {
                break;
            }
            if (core >= 0) {
                seen.countVisit(core);
                if (!cores.moveTo(core)) {
                    seen.giveUp(core);
                    continue;
                }
            }
            int status = visit(everywhere);
            if (status != VISITED) {
                return status;
            }
            if (seen.allProved()) {
                return PROVED;
            }
            everywhere = visit == 0 && seen.anyUnknown();
        }
        return VISITED;
    }

    /**
     * Reads everything from the core at hand and keeps what that proves.
     *
     * @param everywhere also finds out on which cores the other threads are
     */
    private int visit(boolean everywhere) {
        int core = cores.seat();
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            int status = visitOnce(everywhere);
            cores.release();
            if (status != AGAIN) {
                return status;
            }
            counters.add(SampleCounters.RETRIED, 1);
            if (core >= 0 && !cores.moveTo(core)) {
                break;
            }
        }
        return VISITED;
    }

    private int visitOnce(boolean everywhere) {
        list.clear();
        cores.clear();
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seen.get(i);
            boolean looked = !one.proved && (everywhere || one.core == cores.seat());
            one.number = looked ? cores.add(one.ident, one.thread.nativeId()) : -1;
        }
        domains.addTo(list);
        long firstGil = domains.position();
        cores.addFirst(list);
        set.addTo();
        cores.begin();
        int status = readFrom(0);
        if (status != VISITED) {
            return status;
        }
        domains.take(list, firstGil);
        judge();
        if (stacks.count() > 0 && !seen.anyStill()) {
            return VISITED;
        }
        set.pardon();
        seen.keepOthers();
        walk(false);
        for (int rounds = 0; set.wanted() > 0 || status == FAULTED; rounds++) {
            if (rounds == MAX_MISS_ROUNDS) {
                int warmed = follower.warm();
                return warmed < 0 ? warmed : AGAIN;
            }
            counters.add(SampleCounters.MISSES, 1);
            int first = list.count();
            set.addWanted();
            status = readFrom(first);
            if (status != VISITED && status != FAULTED) {
                return status;
            }
            walk(true);
        }
        status = copyNewCodes();
        if (status == VISITED) {
            judge();
            seen.keepProved();
        }
        return status;
    }

    private int copyNewCodes() {
        for (int batch = 0; requestCodes(); batch++) {
            if (batch == NewCodes.MAX_BATCHES) {
                return NOT_WARM;
            }
            codes.copy();
            int status = readFrom(list.count());
            if (status != VISITED) {
                return status == FAULTED ? AGAIN : status;
            }
            judge();
            if (!seen.anyStill()) {
                return AGAIN;
            }
            codes.publish(true);
        }
        return VISITED;
    }

    private void walk(boolean resume) {
        walker.walk(interpreters, interpreters.length, stacks, 0, resume);
        runners.find(stacks);
    }

    /** Reads the list from a range on, closed by the last words of the threads and the GILs. */
    private int readFrom(int first) {
        cores.addLast(list);
        domains.addTo(list);
        int read = memory.readAll(list, first);
        counters.add(SampleCounters.READS, 1);
        wordsRead = read == list.count();
        if (read < 0) {
            return StackFollower.failure(read);
        }
        if (wordsRead) {
            cores.end(list.buffer()); // now: the walk may take its time
            return VISITED;
        }
        if (cores.forget(read)) {
            return AGAIN;
        }
        set.forget(read);
        return first == 0 ? AGAIN : FAULTED;
    }

    /** Says of every thread whether it stood still from the first words to the last ones. */
    private void judge() {
        for (int domain = 0; domain < gilStill.length; domain++) {
            gilStill[domain] = wordsRead && holderStood(domain);
        }
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seen.get(i);
            boolean alone = one.number >= 0 && wordsRead;
            if (alone) {
                one.core = cores.core(one.number);
            }
            one.still =
                    alone && cores.stoodStill(one.number) && runners.isSure(one.thread)
                            || gilStill[domains.domainOf(one.thread.interpreter())];
        }
        if (interpreters.length > 1) {
            seen.judgeTogether();
        }
    }

    private boolean holderStood(int domain) {
        GilWords gil = domains.gil(domain);
        if (gil == null || gil.lastHolder() == 0 || !domains.isSame(list, domain)) {
            return false;
        }
        ThreadStack holder = stacks.find(gil.lastHolder());
        int number = holder == null ? -1 : seen.of(holder).number;
        return number >= 0 && cores.stoodStill(number) && runners.isSure(holder);
    }

    /** The whole set twice in one call, for the stacks that no visit proved. */
    private int readTwice() {
        seen.keepProvedAlone();
        int status = follower.readTwice();
        if (status == TWO_COPIES) {
            codes.copyUnproved(stacks);
            if (interpreters.length > 1 && runners.areSure(stacks)) {
                stacks.joinThreads();
                follower.again().joinThreads();
            }
            seen.dropWalked();
            follower.compare();
        }
        return status;
    }

    /** Puts code objects that have no number yet into a batch; false when there are none. */
    private boolean requestCodes() {
        codes.clear();
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seen.get(i);
            if (one.still && !one.proved && !codes.request(one.thread)) {
                break;
            }
        }
        return codes.requested() > 0;
    }

    /** No interpreter was found: whether there is a process at all. */
    private int nothingThere() {
        list.clear();
        list.add(headAddress, Long.BYTES);
        return StackFollower.failure(memory.readAll(list, 0));
    }
}
