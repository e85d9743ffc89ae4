package jspy.profile;

import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One finished recording: what writers turn into a file.
 *
 * <p>Made when the drain thread is done; from then on nobody adds to its parts, and any thread may
 * read.
 *
 * @param jspyVersion the version of jspy that recorded
 * @param targets the processes that were sampled, the first one the user's
 * @param start when sampling began, by the wall clock
 * @param durationNanos how long it went on; the times of samples lie between 0 and this
 * @param frames the frames that {@code stacks} speaks of
 * @param stacks the stacks that {@code threads} speak of
 * @param threads the threads that were seen, in the order of {@link ThreadLog#BY_ID}
 * @param accuracy how good all this is
 * @param notes what the reader should know: warnings, and what could not be done and why
 * @param threadFrames whether each thread gets a frame of its own below the root (py-spy's {@code
 *     -t})
 * @param processFrames whether each process gets one (py-spy's {@code -s})
 */
public record Profile(
        String jspyVersion,
        List<Target> targets,
        Instant start,
        long durationNanos,
        FrameTable frames,
        StackTrie stacks,
        List<ThreadLog> threads,
        Accuracy accuracy,
        List<String> notes,
        boolean threadFrames,
        boolean processFrames) {

    public Profile {
        Objects.requireNonNull(jspyVersion, "jspyVersion");
        targets = List.copyOf(targets);
        Objects.requireNonNull(start, "start");
        Objects.requireNonNull(frames, "frames");
        Objects.requireNonNull(stacks, "stacks");
        threads = threads.stream().sorted(ThreadLog.BY_ID).toList();
        Objects.requireNonNull(accuracy, "accuracy");
        notes = List.copyOf(notes);
    }

    /**
     * A copy that shares nothing which is still added to: for a recording that goes on. Called on
     * the thread that adds.
     */
    public Profile copy() {
        FrameTable frameCopy = new FrameTable();
        for (int id = 0; id < frames.size(); id++) {
            frameCopy.intern(frames.get(id));
        }
        StackTrie stackCopy = new StackTrie();
        for (int node = StackTrie.ROOT + 1; node < stacks.size(); node++) {
            stackCopy.child(stacks.parent(node), stacks.frame(node));
        }
        return new Profile(
                jspyVersion,
                targets,
                start,
                durationNanos,
                frameCopy,
                stackCopy,
                threads.stream().map(thread -> thread.keeping(node -> true)).toList(),
                accuracy,
                notes,
                threadFrames,
                processFrames);
    }

    /** The same recording with these threads and notes. */
    Profile with(List<ThreadLog> otherThreads, List<String> otherNotes) {
        return new Profile(
                jspyVersion,
                targets,
                start,
                durationNanos,
                frames,
                stacks,
                otherThreads,
                accuracy,
                otherNotes,
                threadFrames,
                processFrames);
    }

    /** The same recording without frames of processes: what they have in common becomes one. */
    public Profile mergingProcesses() {
        return new Profile(
                jspyVersion,
                targets,
                start,
                durationNanos,
                frames,
                stacks,
                threads,
                accuracy,
                notes,
                threadFrames,
                false);
    }

    /**
     * The groups around a thread's stacks, outermost first, as py-spy writes them: a process in
     * those that it came from, then the thread; none unless asked for.
     */
    public List<Frame> groupsOf(ThreadLog thread) {
        LinkedList<Frame> groups = new LinkedList<>();
        if (processFrames) {
            Set<Integer> met = new HashSet<>(); // pids are used again: there may be a circle
            for (int pid = thread.pid(); pid != 0 && met.add(pid); ) {
                Optional<Target> process = target(pid);
                groups.addFirst(Frame.group(processLabel(pid, process)));
                pid = process.map(Target::parentPid).orElse(0);
            }
        }
        if (threadFrames) {
            groups.addLast(Frame.group(threadLabel(thread)));
        }
        return List.copyOf(groups);
    }

    // internals

    private Optional<Target> target(int pid) {
        return targets.stream().filter(target -> target.pid() == pid).findFirst();
    }

    private static String processLabel(int pid, Optional<Target> process) {
        return "process " + pid + ":\"" + process.map(Target::commandLine).orElse("") + "\"";
    }

    private static String threadLabel(ThreadLog thread) {
        String name = thread.threadName();
        boolean named = name != null && !name.isEmpty();
        return "thread (" + thread.shownId() + ")" + (named ? ": " + name : "");
    }
}
