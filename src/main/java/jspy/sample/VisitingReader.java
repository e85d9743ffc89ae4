package jspy.sample;

import jspy.layout.Offsets;
import jspy.memory.PageCopies;
import jspy.memory.ReadList;
import jspy.memory.TargetMemory;
import jspy.memory.WorkingSet;
import jspy.process.ThreadCores;
import jspy.python.CodeCopier;
import jspy.python.FrameWalker;
import jspy.python.GilWords;
import jspy.python.ProcessStacks;
import jspy.python.PythonRuntime;
import jspy.python.RawCode;
import jspy.python.ThreadStack;

import java.util.Arrays;
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

    /** A core is visited again for threads that went there meanwhile. */
    private static final int MAX_VISITS_A_CORE = 3;

    /** Reads at one core until one is not interrupted. */
    private static final int MAX_TRIES = 4;

    /** Further calls for missed frames in one read, 2–3 µs each. More are made elsewhere. */
    private static final int MAX_MISS_ROUNDS = 24;

    private static final int MAX_WARM_ROUNDS = 20_000;
    private static final int WARM_ROUNDS_A_LIST = 64;
    private static final int MAX_TWO_COPY_ROUNDS = 16;

    /** Batches of new code objects in one read, some 0.1 ms each. */
    private static final int MAX_CODE_BATCHES = 16;

    /** From here on whoever enters an interpreter brings a thread state of its own. */
    private static final int FIRST_MINOR_WITH_THREAD_STATES_OF_THEIR_OWN = 13;

    private static final int REHEARSALS = 250;

    private static final long REHEARSAL_NANOS = 50_000_000;

    /** The same for a sample that nobody waits for. */
    private static final int MAX_UNPROVED_CODE_BATCHES = 256;

    /** The read was interrupted, or a range of it is not mapped: once more. Internal. */
    private static final int AGAIN = 3;

    /** What this core can show has been shown. Internal. */
    private static final int VISITED = 4;

    /** A range that was wanted is not mapped; what was read before it is there. Internal. */
    private static final int FAULTED = 5;

    /** A thread and what is known of it in this sample. */
    private static final class Seen {
        static final int UNKNOWN = -2;

        final ThreadStack thread;
        final long ident;
        int core = UNKNOWN;
        int number = -1; // in this read's ThreadCores
        boolean still;
        boolean proved;

        Seen(ThreadStack thread) {
            this.thread = thread;
            ident = thread.ident();
        }
    }

    private final TargetMemory memory;
    private final ReadList list = new ReadList(1024, 256 * 1024);
    private final WorkingSet set = new WorkingSet(list);
    private final FrameWalker walker;
    private final ThreadCores cores; // null: nothing can be proved
    private final CodeTable codes;
    private final CodeCopier copier;
    private final SampleCounters counters;

    private final long headAddress;
    private final long[] interpreters;
    private final int[] domainOf; // by interpreter
    private final GilWords[] gils; // by domain; null where there is none
    private final long[] gilAt; // by domain: where the words read last lie
    private final boolean[] gilStill; // by domain: this read proves what it guards

    private final ProcessStacks stacks = new ProcessStacks();
    private final ProcessStacks again = new ProcessStacks();
    private Seen[] seen = new Seen[16]; // by slot
    private int[] agreed = new int[16]; // by index
    private int[] visits = new int[16]; // by core, in this sample
    private int[] waiting = new int[16]; // by core: threads to be proved there
    private final boolean runnersUnsure;
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
        this.codes = codes;
        this.counters = counters;
        headAddress = runtime.interpretersHeadAddress();
        Offsets offsets = runtime.offsets();
        walker = new FrameWalker(offsets, runtime.instructionUnits(), set);
        copier = new CodeCopier(memory, offsets);
        gils = new GilWords[domains.size()];
        gilAt = new long[gils.length];
        gilStill = new boolean[gils.length];
        interpreters =
                domains.stream().flatMapToLong(d -> Arrays.stream(d.interpreters())).toArray();
        runnersUnsure =
                interpreters.length > 1
                        && !runtime.version()
                                .atLeast(3, FIRST_MINOR_WITH_THREAD_STATES_OF_THEIR_OWN);
        domainOf = new int[interpreters.length];
        int next = 0;
        for (int domain = 0; domain < gils.length; domain++) {
            gils[domain] = runtime.freeThreaded() ? null : domains.get(domain).words(runtime);
            int last = next + domains.get(domain).interpreters().length;
            Arrays.fill(domainOf, next, last, domain);
            next = last;
        }
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
        for (GilWords gil : gils) {
            if (gil != null && gil.isHeld() && gil.lastHolder() == thread.threadState()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int agreedFrames(int index) {
        return agreed[index];
    }

    @Override
    public boolean isProved(int index) {
        return seenOf(stacks.thread(index)).proved;
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
    public int read() {
        codes.beginSample();
        if (interpreters.length == 0) {
            return nothingThere();
        }
        stacks.separateThreads();
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            one.proved = false;
            one.thread.keep(false);
        }
        int status = cores == null ? VISITED : visitCores();
        if (status == VISITED) {
            status = readTwice();
        }
        if (status == PROVED && interpreters.length > 1 && runnersAreSure()) {
            stacks.joinThreads();
        }
        return status;
    }

    @Override
    public void rehearse() {
        long until = System.nanoTime() + REHEARSAL_NANOS;
        for (int i = 0; i < REHEARSALS && System.nanoTime() < until; i++) {
            stacks.separateThreads();
            if (interpreters.length == 0 || readTwice() < 0) {
                return;
            }
        }
    }

    // internals

    private int visitCores() {
        Arrays.fill(visits, 0);
        boolean everywhere = true; // whether the cores of all threads are to be found out
        long until = System.nanoTime() + MAX_VISITING_NANOS;
        for (int visit = 0; visit < MAX_VISITS; visit++) {
            int core = visit == 0 ? cores.seat() : mostAwaited();
            if (visit > 0 && core < 0 && !everywhere || visit > 1 && System.nanoTime() > until) {
                break;
            }
            if (core >= 0) {
                countVisit(core);
                if (!cores.moveTo(core)) {
                    visits[core] = MAX_VISITS_A_CORE;
                    continue;
                }
            }
            int status = visit(everywhere);
            if (status != VISITED) {
                return status;
            }
            int left = leftToProve();
            if (left == 0 && stacks.count() > 0) {
                return PROVED;
            }
            everywhere = visit == 0 && anyUnknown();
        }
        return VISITED;
    }

    private void countVisit(int core) {
        if (core >= visits.length) {
            visits = Arrays.copyOf(visits, core * 2);
            waiting = Arrays.copyOf(waiting, core * 2);
        }
        visits[core]++;
    }

    /** The core on which most threads wait to be proved, those not visited yet first; or -1. */
    private int mostAwaited() {
        Arrays.fill(waiting, 0);
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            if (!one.proved && one.core >= 0) {
                if (one.core >= waiting.length) {
                    visits = Arrays.copyOf(visits, one.core * 2);
                    waiting = Arrays.copyOf(waiting, one.core * 2);
                }
                waiting[one.core]++;
            }
        }
        int best = -1;
        for (int core = 0; core < waiting.length; core++) {
            if (waiting[core] > 0
                    && visits[core] < MAX_VISITS_A_CORE
                    && (best < 0
                            || visits[core] < visits[best]
                            || visits[core] == visits[best] && waiting[core] > waiting[best])) {
                best = core;
            }
        }
        return best;
    }

    private int leftToProve() {
        int left = 0;
        for (int i = 0; i < stacks.count(); i++) {
            left += seenOf(stacks.thread(i)).proved ? 0 : 1;
        }
        return left;
    }

    private boolean anyUnknown() {
        for (int i = 0; i < stacks.count(); i++) {
            if (seenOf(stacks.thread(i)).core == Seen.UNKNOWN) {
                return true;
            }
        }
        return false;
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
            Seen one = seenOf(stacks.thread(i));
            boolean looked = !one.proved && (everywhere || one.core == cores.seat());
            one.number = looked ? cores.add(one.ident, one.thread.nativeId()) : -1;
        }
        addGils();
        long firstGil = gils.length == 0 ? 0 : gilAt[0];
        cores.addFirst(list);
        set.addTo();
        cores.begin();
        int status = readFrom(0);
        if (status != VISITED) {
            return status;
        }
        takeGils(firstGil);
        judge();
        if (stacks.count() > 0 && !anyStill()) {
            return VISITED;
        }
        set.pardon();
        keepOthers();
        walk(stacks, 0, false);
        for (int rounds = 0; set.wanted() > 0 || status == FAULTED; rounds++) {
            if (rounds == MAX_MISS_ROUNDS) {
                int warmed = warm();
                return warmed < 0 ? warmed : AGAIN;
            }
            counters.add(SampleCounters.MISSES, 1);
            int first = list.count();
            set.addWanted();
            status = readFrom(first);
            if (status != VISITED && status != FAULTED) {
                return status;
            }
            walk(stacks, 0, true);
        }
        status = copyNewCodes();
        if (status == VISITED) {
            judge();
            keepProved();
        }
        return status;
    }

    private int copyNewCodes() {
        for (int batch = 0; requestCodes(true); batch++) {
            if (batch == MAX_CODE_BATCHES) {
                return NOT_WARM;
            }
            copier.copy();
            counters.add(SampleCounters.READS, CodeCopier.READS_A_BATCH);
            int status = readFrom(list.count());
            if (status != VISITED) {
                return status == FAULTED ? AGAIN : status;
            }
            judge();
            if (!anyStill()) {
                return AGAIN;
            }
            publishCodes(true);
        }
        return VISITED;
    }

    private void walk(ProcessStacks into, long copyBias, boolean resume) {
        walker.walk(interpreters, interpreters.length, into, copyBias, resume);
        if (runnersUnsure) {
            for (int i = 0; i < into.count(); i++) {
                findRunner(into, into.thread(i));
            }
        }
    }

    /**
     * Up to 3.12 an interpreter keeps the thread state that it was made with, and whoever enters it
     * runs that one. The C stack of its newest call tells who: the descriptor of a thread, which is
     * what its ident points to, lies at the top of its stack.
     */
    private static void findRunner(ProcessStacks stacks, ThreadStack thread) {
        long call = thread.newestCall();
        ThreadStack runner = null;
        for (int i = 0; i < stacks.count() && call != 0; i++) {
            ThreadStack other = stacks.thread(i);
            if (other.stateIdent() > call
                    && (runner == null || other.stateIdent() < runner.stateIdent())) {
                runner = other;
            }
        }
        if (runner != null && runner.stateIdent() != thread.ident()) {
            thread.runBy(runner.stateIdent(), runner.stateNativeId());
        }
    }

    /** Whether it is certain which thread runs a thread state. Up to 3.10 there is no C address. */
    private boolean runnerIsSure(ThreadStack thread) {
        return !runnersUnsure
                || thread.depth() == 0
                || thread.newestCall() != 0
                || thread.interpreter() == interpreters[interpreters.length - 1];
    }

    private boolean runnersAreSure() {
        for (int i = 0; i < stacks.count(); i++) {
            if (!runnerIsSure(stacks.thread(i))) {
                return false;
            }
        }
        return true;
    }

    /** Reads the list from a range on, closed by the last words of the threads and the GILs. */
    private int readFrom(int first) {
        cores.addLast(list);
        addGils();
        int read = memory.readAll(list, first);
        counters.add(SampleCounters.READS, 1);
        wordsRead = read == list.count();
        if (read < 0) {
            return failure(read);
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

    private void addGils() {
        for (int domain = 0; domain < gils.length; domain++) {
            if (gils[domain] != null) {
                gilAt[domain] = gils[domain].addTo(list);
            }
        }
    }

    /** Takes the words read first, which lie as those read last do. */
    private void takeGils(long firstGil) {
        for (int domain = 0; domain < gils.length; domain++) {
            if (gils[domain] != null) {
                gils[domain].take(list.buffer(), firstGil + gilAt[domain] - gilAt[0]);
            }
        }
    }

    /** Says of every thread whether it stood still from the first words to the last ones. */
    private void judge() {
        for (int domain = 0; domain < gils.length; domain++) {
            gilStill[domain] = wordsRead && holderStood(gils[domain], gilAt[domain]);
        }
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            boolean alone = one.number >= 0 && wordsRead;
            if (alone) {
                one.core = cores.core(one.number);
            }
            one.still =
                    alone && cores.stoodStill(one.number) && runnerIsSure(one.thread)
                            || gilStill[domainOf(one.thread.interpreter())];
        }
        if (interpreters.length > 1) {
            judgeTogether();
        }
    }

    /** The thread states of one OS thread are of one moment, or none of them is good. */
    private void judgeTogether() {
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            for (int j = 0; j < stacks.count() && one.still; j++) {
                Seen other = seenOf(stacks.thread(j));
                one.still = other.ident != one.ident || other.still;
            }
        }
    }

    private boolean holderStood(GilWords gil, long at) {
        if (gil == null || gil.lastHolder() == 0 || !gil.same(list.buffer(), at)) {
            return false;
        }
        ThreadStack holder = stacks.find(gil.lastHolder());
        int number = holder == null ? -1 : seenOf(holder).number;
        return number >= 0 && cores.stoodStill(number) && runnerIsSure(holder);
    }

    private int domainOf(long interpreter) {
        for (int i = 0; i < interpreters.length; i++) {
            if (interpreters[i] == interpreter) {
                return domainOf[i];
            }
        }
        return 0;
    }

    private boolean anyStill() {
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            if (one.still && !one.proved) {
                return true;
            }
        }
        return false;
    }

    /** Walks pass over what was proved already, and over what runs on. */
    private void keepOthers() {
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            one.thread.keep(one.proved || !one.still);
        }
    }

    private void keepProved() {
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            one.proved =
                    one.proved && one.thread.isKept()
                            || one.still
                                    && !one.thread.isKept()
                                    && one.thread.status() == ThreadStack.COMPLETE;
            one.thread.keep(one.proved);
        }
    }

    /** Follows the stacks at hand to their bottom, from another core than the target's. */
    private int warm() {
        if (cores != null) {
            cores.leave();
        }
        set.pardon();
        for (int rounds = 0; rounds < MAX_WARM_ROUNDS; ) {
            list.clear();
            set.addTo();
            int read = memory.readAll(list, 0);
            counters.add(SampleCounters.READS, 1);
            if (read < 0) {
                return failure(read);
            }
            if (read < list.count()) {
                set.forget(read);
                rounds++;
                continue;
            }
            walk(stacks, 0, false);
            int until = rounds + WARM_ROUNDS_A_LIST;
            while (set.wanted() > 0 && rounds++ < until) {
                int status = readMissed();
                if (status < 0) {
                    return status;
                }
                walk(stacks, 0, true);
            }
            if (set.wanted() == 0) {
                break;
            }
        }
        return NOT_WARM;
    }

    private int readMissed() {
        int first = list.count();
        set.addWanted();
        int read = memory.readAll(list, first);
        counters.add(SampleCounters.READS, 1);
        if (read >= 0 && read < list.count()) {
            set.forget(read);
        }
        return read < 0 ? failure(read) : read;
    }

    /** The whole set twice in one call, for the stacks that no visit proved. */
    private int readTwice() {
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            one.thread.keep(one.proved);
        }
        set.pardon();
        boolean walked = false;
        boolean warmed = false;
        for (int round = 0; ; round++) {
            if (round == MAX_TWO_COPY_ROUNDS) {
                if (warmed) {
                    break;
                }
                int status = warm(); // a stack that is too deep to be followed by whole lists
                if (status < 0) {
                    return status;
                }
                warmed = true;
                round = 0;
            }
            list.clear();
            addGils();
            set.addTo();
            long stride = set.addAgain();
            int read = memory.readAll(list, 0);
            counters.add(SampleCounters.READS, 1);
            if (read < 0) {
                return failure(read);
            }
            if (read < list.count()) {
                set.forget(read);
                continue;
            }
            walked = true;
            takeGils(gils.length == 0 ? 0 : gilAt[0]);
            walk(stacks, 0, false);
            walk(again, stride, false);
            if (set.wanted() == 0) {
                break;
            }
            set.addWanted();
            counters.add(SampleCounters.MISSES, 1);
        }
        if (!walked) {
            return FAILED;
        }
        copyUnprovedCodes();
        if (interpreters.length > 1 && runnersAreSure()) {
            stacks.joinThreads();
            again.joinThreads();
        }
        compare();
        return TWO_COPIES;
    }

    /** As many as there are: nobody waits for it. */
    private void copyUnprovedCodes() {
        for (int batch = 0; batch < MAX_UNPROVED_CODE_BATCHES && requestCodes(false); batch++) {
            copier.copy();
            counters.add(SampleCounters.READS, CodeCopier.READS_A_BATCH);
            if (publishCodes(false) == 0) {
                return;
            }
        }
    }

    private void compare() {
        if (agreed.length < stacks.count()) {
            agreed = new int[stacks.count() * 2];
        }
        for (int i = 0; i < stacks.count(); i++) {
            Seen one = seenOf(stacks.thread(i));
            one.proved &= one.thread.isKept();
            ThreadStack other = again.find(one.thread.threadState());
            agreed[i] =
                    one.proved
                            ? one.thread.depth()
                            : other == null ? 0 : one.thread.agreedWith(other);
        }
    }

    /**
     * Puts code objects that have no number yet into the copier's batch; false when there are none.
     */
    private boolean requestCodes(boolean still) {
        copier.clear();
        for (int t = 0; t < stacks.count(); t++) {
            Seen one = seenOf(stacks.thread(t));
            if (one.proved || still && !one.still) {
                continue;
            }
            for (int i = 0; i < one.thread.depth(); i++) {
                if (codes.find(one.thread.code(i)) == CodeTable.UNKNOWN
                        && !copier.request(one.thread.code(i))) {
                    return true;
                }
            }
        }
        return copier.requested() > 0;
    }

    private int publishCodes(boolean proved) {
        int published = 0;
        for (int i = 0; i < copier.requested(); i++) {
            RawCode code = copier.take(i);
            if (code != null || proved) {
                codes.add(copier.address(i), code);
                published++;
            }
        }
        return published;
    }

    private Seen seenOf(ThreadStack thread) {
        int slot = thread.slot();
        if (slot >= seen.length) {
            seen = Arrays.copyOf(seen, Math.max(slot + 1, seen.length * 2));
        }
        Seen one = seen[slot];
        if (one == null || one.thread != thread || one.ident != thread.ident()) {
            one = new Seen(thread);
            seen[slot] = one;
        }
        return one;
    }

    /** No interpreter was found: whether there is a process at all. */
    private int nothingThere() {
        list.clear();
        list.add(headAddress, Long.BYTES);
        return failure(memory.readAll(list, 0));
    }

    private static int failure(int status) {
        return status == TargetMemory.GONE ? GONE : FAILED;
    }
}
