package jspy.testing;

import jspy.profile.Frame;
import jspy.profile.Profile;
import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;

import java.util.ArrayList;
import java.util.List;

/**
 * One stack of one thread in a profile, and how often it was seen.
 *
 * @param frames root first
 */
public record SeenStack(ThreadLog thread, List<Frame> frames, long samples) {

    /** All of a profile. */
    public static List<SeenStack> of(Profile profile) {
        List<SeenStack> stacks = new ArrayList<>();
        for (ThreadLog thread : profile.threads()) {
            for (int node : thread.counts().nodes()) {
                stacks.add(
                        new SeenStack(
                                thread, frames(profile, node), thread.counts().samples(node)));
            }
        }
        return stacks;
    }

    public Frame leaf() {
        return frames.getLast();
    }

    /** What was read stopped somewhere, and says so. */
    public boolean isMarked() {
        return frames.stream().anyMatch(Frame::isMark);
    }

    /** Native frames are missing, and it says so. */
    public boolean isTruncated() {
        return frames.stream().anyMatch(frame -> frame.label().startsWith("[truncated"));
    }

    /** Whether a function of that name, without what it is qualified by, is on the stack. */
    public boolean has(String function) {
        return frames.stream()
                .map(Frame::function)
                .anyMatch(name -> name.substring(name.lastIndexOf('.') + 1).equals(function));
    }

    /** {@code f (file.py:8)} for each frame, root first. */
    public List<String> labels() {
        return frames.stream().map(Frame::label).toList();
    }

    // internals

    private static List<Frame> frames(Profile profile, int leaf) {
        List<Frame> frames = new ArrayList<>();
        for (int node = leaf; node != StackTrie.ROOT; node = profile.stacks().parent(node)) {
            frames.add(profile.frames().get(profile.stacks().frame(node)));
        }
        return frames.reversed();
    }
}
