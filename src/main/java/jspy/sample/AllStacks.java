package jspy.sample;

import jspy.memory.ReadList;
import jspy.process.ThreadCores;
import jspy.python.FrameWalker;
import jspy.python.ProcessStacks;

/**
 * The stacks of all threads of several interpreters, and the words of their GILs, as a {@link
 * StackFollower} reads them. One sampler thread; no allocation.
 */
final class AllStacks implements StackFollower.Subject {
    private final ReadList list;
    private final FrameWalker walker;
    private final DomainWords domains;
    private final ThreadRunners runners;
    private final ThreadCores cores; // null: no core is anybody's
    private long wordsAt;

    AllStacks(
            ReadList list,
            FrameWalker walker,
            DomainWords domains,
            ThreadRunners runners,
            ThreadCores cores) {
        this.list = list;
        this.walker = walker;
        this.domains = domains;
        this.runners = runners;
        this.cores = cores;
    }

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
        long[] interpreters = domains.interpreters();
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
