package jspy.top;

import jspy.profile.Frame;
import jspy.profile.LiveProfile;
import jspy.profile.LiveProfile.LiveThread;
import jspy.profile.LiveUpdate;
import jspy.profile.NodeCounts;
import jspy.profile.StackTrie;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What was seen, as rows: own and total time of the last period and since the start, of all threads
 * or of one. Times are in ns.
 */
final class Model {
    private final LiveProfile profile = new LiveProfile();
    private final RowIndex functions =
            new RowIndex(Grain.FUNCTIONS, profile.frames(), profile.trie());
    private final RowIndex lines = new RowIndex(Grain.LINES, profile.frames(), profile.trie());

    /** One more period. */
    void apply(LiveUpdate update) {
        profile.apply(update);
        functions.update();
        lines.update();
    }

    LiveProfile profile() {
        return profile;
    }

    /** The threads that were seen, in the order in which they were. */
    List<LiveThread> threads() {
        return profile.threads();
    }

    RowIndex index(Grain grain) {
        return grain == Grain.FUNCTIONS ? functions : lines;
    }

    /**
     * All rows, in no order.
     *
     * @param thread null for all
     */
    List<Row> rows(Grain grain, LiveThread thread) {
        RowIndex index = index(grain);
        long[] period = ofStacks(thread, LiveThread::period);
        long[] sums = ofStacks(thread, LiveThread::sums);
        long[] byFrame = new long[profile.frames().size()];
        long[] ownPeriod = own(index, period);
        long[] own = own(index, sums);
        long[] totalPeriod = totals(index, period, new long[0]);
        long[] total = totals(index, sums, byFrame);
        int[] hottest = hottestFrames(index, byFrame);
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < index.size(); row++) {
            if (total[row] != 0 || totalPeriod[row] != 0) {
                Frame shown = profile.frames().get(hottest[row]);
                rows.add(
                        new Row(
                                row,
                                shown,
                                ownPeriod[row],
                                totalPeriod[row],
                                own[row],
                                total[row]));
            }
        }
        return rows;
    }

    /** What 100 % of the last period is: its length, or all that was seen if that is more. */
    long periodNanos(LiveThread thread) {
        LiveUpdate last = profile.last();
        return last == null
                ? 0
                : Math.max(last.spanNanos(), sum(ofStacks(thread, LiveThread::period)));
    }

    /** What 100 % since the start is. */
    long sinceStartNanos(LiveThread thread) {
        return Math.max(profile.spanNanos(), sum(ofStacks(thread, LiveThread::sums)));
    }

    /** The time of each stack, by node. */
    long[] ofStacks(LiveThread thread, Function<LiveThread, NodeCounts> counts) {
        long[] nanos = new long[profile.trie().size()];
        for (LiveThread each : thread == null ? profile.threads() : List.of(thread)) {
            NodeCounts seen = counts.apply(each);
            for (int node : seen.nodes()) {
                nanos[node] += seen.weightNanos(node);
            }
        }
        return nanos;
    }

    // internals

    private long[] own(RowIndex index, long[] nanos) {
        long[] own = new long[index.size()];
        for (int node = 1; node < nanos.length; node++) {
            own[index.row(node)] += nanos[node];
        }
        return own;
    }

    /**
     * The total times by row, recursion counted once; also those under each frame, unless there is
     * no room for them. The times of the stacks become those of all above them, too.
     */
    private long[] totals(RowIndex index, long[] nanos, long[] byFrame) {
        StackTrie trie = profile.trie();
        long[] total = new long[index.size()];
        // A parent's number is lower than its children's: going down, each node is complete when
        // it is met.
        for (int node = nanos.length - 1; node > StackTrie.ROOT; node--) {
            if (nanos[node] == 0) {
                continue;
            }
            int row = index.row(node);
            int parent = trie.parent(node);
            if (index.isOutermost(node)) {
                total[row] += nanos[node];
            }
            if (byFrame.length > 0) {
                byFrame[trie.frame(node)] += nanos[node];
            }
            nanos[parent] += nanos[node];
        }
        return total;
    }

    /** The frame of each row under which most time was seen; the first one where none was. */
    private int[] hottestFrames(RowIndex index, long[] byFrame) {
        int[] hottest = new int[index.size()];
        Arrays.fill(hottest, -1);
        for (int frame = 0; frame < byFrame.length; frame++) {
            int row = index.rowOfFrame(frame);
            if (hottest[row] < 0 || byFrame[frame] > byFrame[hottest[row]]) {
                hottest[row] = frame;
            }
        }
        return hottest;
    }

    private static long sum(long[] nanos) {
        return Arrays.stream(nanos).sum();
    }
}
