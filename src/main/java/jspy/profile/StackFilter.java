package jspy.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Which threads and stacks of a profile are kept, by regular expressions that are looked for in
 * names; of each kind one that is found is enough.
 *
 * @param threads in the thread's name or number; empty: all threads
 * @param functions in {@link Frame#label} of any frame of the stack; empty: all stacks
 * @param excluded in the label of any frame: such stacks are left out
 */
public record StackFilter(List<Pattern> threads, List<Pattern> functions, List<Pattern> excluded) {
    public StackFilter {
        threads = List.copyOf(threads);
        functions = List.copyOf(functions);
        excluded = List.copyOf(excluded);
    }

    /**
     * The profile without what is not wanted, and with a note that says so; its accuracy is still
     * that of the whole recording. The profile itself when everything is kept.
     */
    public Profile apply(Profile profile) {
        if (threads.isEmpty() && functions.isEmpty() && excluded.isEmpty()) {
            return profile;
        }
        boolean[] kept = keptStacks(profile);
        List<ThreadLog> logs = new ArrayList<>();
        long before = 0;
        long after = 0;
        for (ThreadLog log : profile.threads()) {
            before += log.samples();
            if (threads.isEmpty() || keeps(log)) {
                ThreadLog keptLog = log.keeping(node -> kept[node]);
                after += keptLog.samples();
                logs.add(keptLog);
            }
        }
        List<String> notes = new ArrayList<>(profile.notes());
        notes.add(
                String.format(
                        Locale.ROOT, "filters kept %,d of %,d stacks: %s", after, before, words()));
        return profile.with(logs, notes);
    }

    // internals

    private boolean keeps(ThreadLog log) {
        String name = log.threadName() == null ? "" : log.threadName();
        return found(threads, name) || found(threads, log.shownId());
    }

    /** By node of the trie: a stack has the frames of its parent and one more. */
    private boolean[] keptStacks(Profile profile) {
        boolean[] wanted = below(profile, frame -> found(functions, frame.label()));
        boolean[] unwanted = below(profile, frame -> found(excluded, frame.label()));
        boolean[] kept = new boolean[wanted.length];
        for (int node = 0; node < kept.length; node++) {
            kept[node] = (functions.isEmpty() || wanted[node]) && !unwanted[node];
        }
        return kept;
    }

    /** The stacks with a frame for which this holds. */
    private static boolean[] below(Profile profile, Predicate<Frame> holds) {
        boolean[] frames = new boolean[profile.frames().size()];
        for (int id = 0; id < frames.length; id++) {
            frames[id] = holds.test(profile.frames().get(id));
        }
        StackTrie stacks = profile.stacks();
        boolean[] below = new boolean[stacks.size()];
        for (int node = StackTrie.ROOT + 1; node < below.length; node++) {
            below[node] = frames[stacks.frame(node)] || below[stacks.parent(node)];
        }
        return below;
    }

    private static boolean found(List<Pattern> patterns, String text) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
    }

    private String words() {
        List<String> words = new ArrayList<>();
        threads.forEach(pattern -> words.add("threads " + pattern));
        functions.forEach(pattern -> words.add("with " + pattern));
        excluded.forEach(pattern -> words.add("without " + pattern));
        return String.join(", ", words);
    }
}
