package jspy.top;

import jspy.profile.LiveProfile.LiveThread;
import jspy.profile.StackTrie;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who calls a row, and whom it calls. Each stack with the row on it counts once on either side: for
 * the caller of its outermost frame, and for the callee of its innermost one. So either side adds
 * up to the row's total; times in ns.
 */
record Relatives(List<Relative> callers, List<Relative> callees) {
    /** The place of a row that is no row: below the root, or the row itself. */
    static final int NONE = -1;

    /**
     * @param row {@link #NONE}: called by nobody, or on top itself
     */
    record Relative(int row, long period, long sinceStart) {}

    static Relatives of(Model model, Grain grain, LiveThread thread, int row) {
        RowIndex index = model.index(grain);
        StackTrie trie = model.profile().trie();
        long[] period = model.ofStacks(thread, LiveThread::period);
        long[] sums = model.ofStacks(thread, LiveThread::sums);
        Sums callers = new Sums(index.size());
        Sums callees = new Sums(index.size());
        // For each stack: whether the row is on it, its caller and its callee, NONE for none.
        boolean[] on = new boolean[period.length];
        int[] caller = new int[period.length];
        int[] callee = new int[period.length];
        for (int node = 1; node < period.length; node++) {
            int parent = trie.parent(node);
            boolean here = index.row(node) == row;
            on[node] = here || on[parent];
            if (!on[node]) {
                continue;
            }
            boolean first = here && !on[parent];
            caller[node] =
                    !first ? caller[parent] : parent == StackTrie.ROOT ? NONE : index.row(parent);
            boolean above = parent != StackTrie.ROOT && index.row(parent) == row;
            callee[node] = here ? NONE : above ? index.row(node) : callee[parent];
            callers.add(caller[node], period[node], sums[node]);
            callees.add(callee[node], period[node], sums[node]);
        }
        return new Relatives(callers.sorted(), callees.sorted());
    }

    // internals

    /** By row, {@link #NONE} at the end. */
    private static final class Sums {
        private final long[] period;
        private final long[] sinceStart;

        Sums(int rows) {
            period = new long[rows + 1];
            sinceStart = new long[rows + 1];
        }

        void add(int row, long periodNanos, long nanos) {
            int at = row == NONE ? period.length - 1 : row;
            period[at] += periodNanos;
            sinceStart[at] += nanos;
        }

        List<Relative> sorted() {
            List<Relative> found = new ArrayList<>();
            for (int i = 0; i < period.length; i++) {
                if (period[i] != 0 || sinceStart[i] != 0) {
                    found.add(
                            new Relative(
                                    i < period.length - 1 ? i : NONE, period[i], sinceStart[i]));
                }
            }
            found.sort(Comparator.comparingLong(Relative::sinceStart).reversed());
            return found;
        }
    }
}
