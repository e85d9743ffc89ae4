package jspy.python;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.layout.PythonVersion;
import jspy.memory.ReadList;
import jspy.memory.WorkingSet;
import jspy.snapshot.MemoryImage;
import jspy.snapshot.SnapshotMemory;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Assertions;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A walker that has walked the same thread before finds what one finds that sees it for the first
 * time, however the stack has changed: frames that are popped and pushed at the same address with
 * other code, frames on the heap, the eval loop's own frames in between.
 */
class StackTrailProperties {
    private static final long INTERPRETER = 0x1000_0000L;
    private static final long STATE = 0x1100_0000L;
    private static final long CFRAMES = 0x1200_0000L;
    private static final long STACK = 0x2000_0000L;
    private static final long HEAP = 0x3000_0000L;
    private static final long CODES = 0x4000_0000L;
    private static final int SAMPLES = 150;

    private record Element(long address, boolean isShim, int code, int instruction) {}

    /** What a reader sees. */
    private record Seen(int status, List<Element> frames, List<Long> anchors, int depth) {}

    private final List<Element> stack = new ArrayList<>(); // root first
    private final Map<Long, byte[]> frames = new HashMap<>(); // by address
    private Offsets offsets;
    private boolean hasShims;
    private int units;
    private int unchanged;
    private Random random;

    @Property(tries = 30)
    void aSecondLookSeesWhatAFirstOneSees(
            @ForAll @IntRange(min = 0, max = 3) int version, @ForAll long seed) {
        PythonVersion python =
                List.of(
                                PythonVersion.of(3, 9, 0),
                                PythonVersion.of(3, 11, 0),
                                PythonVersion.of(3, 12, 1),
                                PythonVersion.of(3, 13, 0))
                        .get(version);
        offsets = LayoutCatalog.offsets(python);
        hasShims = offsets.frame().ownerShimMin() != Offsets.ABSENT;
        units = python.atLeast(3, 10) ? 2 : 1;
        random = new Random(seed);
        unchanged = 0;
        stack.clear();
        frames.clear();
        push(1 + random.nextInt(40));
        ReadList list = new ReadList(16, 1024);
        WorkingSet set = new WorkingSet(list);
        FrameWalker walker = new FrameWalker(offsets, units, set);
        ProcessStacks stacks = new ProcessStacks();
        List<Element> sent = List.of();
        Seen before = null;
        long versionBefore = -1;
        for (int i = 0; i < SAMPLES; i++) {
            change();
            SnapshotMemory memory = new SnapshotMemory(image());
            Seen again = walk(list, set, walker, stacks, memory);
            ReadList newList = new ReadList(16, 1024);
            WorkingSet newSet = new WorkingSet(newList);
            FrameWalker newWalker = new FrameWalker(offsets, units, newSet);
            assertEquals(walk(newList, newSet, newWalker, new ProcessStacks(), memory), again);
            assertEquals(ThreadStack.COMPLETE, again.status());
            ThreadStack thread = stacks.thread(0);
            if (thread.version() == versionBefore) {
                assertEquals(before, again);
            }
            int same = thread.known().asSent();
            for (int f = 1; f <= same; f++) {
                Element now = again.frames().get(again.depth() - f);
                assertEquals(sent.get(sent.size() - f), now, "as sent");
            }
            unchanged += same;
            thread.known().settle(again.depth());
            if (random.nextInt(3) > 0) {
                thread.known().sent(true);
                sent = again.frames();
            }
            before = again;
            versionBefore = thread.version();
        }
        assertTrue(unchanged > SAMPLES, "no walk joined the one before");
    }

    // internals

    private Seen walk(
            ReadList list,
            WorkingSet set,
            FrameWalker walker,
            ProcessStacks stacks,
            SnapshotMemory memory) {
        long[] interpreters = {INTERPRETER};
        for (int round = 0; ; round++) {
            Assertions.assertTrue(round < 100, "no end");
            list.clear();
            set.addTo();
            int read = memory.readAll(list, 0);
            if (read < list.count()) {
                set.forget(read);
                continue;
            }
            set.pardon();
            walker.walk(interpreters, 1, stacks, 0, false);
            while (set.wanted() > 0) {
                int first = list.count();
                set.addWanted();
                int more = memory.readAll(list, first);
                if (more < list.count()) {
                    set.forget(more);
                }
                walker.walk(interpreters, 1, stacks, 0, true);
            }
            return seen(stacks.thread(0));
        }
    }

    private static Seen seen(ThreadStack thread) {
        List<Element> frames = new ArrayList<>();
        for (int i = 0; i < thread.depth(); i++) {
            int code = (int) (thread.code(i) - CODES >>> 16);
            frames.add(new Element(thread.frame(i), false, code, thread.instruction(i)));
        }
        List<Long> anchors = new ArrayList<>();
        for (int i = 0; i < thread.anchors(); i++) {
            anchors.add(thread.anchor(i));
            anchors.add((long) thread.anchorDepth(i));
        }
        return new Seen(thread.status(), frames, anchors, thread.depth());
    }

    private void change() {
        switch (random.nextInt(8)) {
            case 0 -> {} // stands still
            case 1, 2 -> moveLeaf();
            case 3 -> push(1 + random.nextInt(3));
            case 4 -> pop(1 + random.nextInt(3));
            case 5 -> {
                int count = 1 + random.nextInt(4);
                pop(count);
                push(count); // at the same addresses
            }
            case 6 -> {
                pop(random.nextInt(stack.size() + 1));
                push(random.nextInt(30));
            }
            default -> {
                int at = random.nextInt(stack.size()); // whatever a target's memory may say
                Element old = stack.get(at);
                stack.set(at, element(old.address(), old.isShim()));
            }
        }
        if (stack.size() < 2) {
            push(5);
        }
    }

    private void moveLeaf() {
        Element leaf = stack.removeLast();
        stack.add(element(leaf.address(), leaf.isShim()));
    }

    private void pop(int count) {
        for (int i = 0; i < count && !stack.isEmpty(); i++) {
            stack.removeLast();
        }
    }

    private void push(int count) {
        for (int i = 0; i < count; i++) {
            boolean isShim = hasShims && (stack.isEmpty() || random.nextInt(8) == 0);
            boolean isGenerator = random.nextInt(10) == 0;
            long place = stack.size() * 0x100L;
            long address = (isGenerator ? HEAP + random.nextInt(4) * 0x10000L : STACK) + place;
            stack.add(element(address, isShim));
        }
    }

    private Element element(long address, boolean isShim) {
        return new Element(address, isShim, random.nextInt(3), random.nextInt(4) * 2);
    }

    private MemoryImage image() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        put(image, INTERPRETER + offsets.interpreter().threadsHead(), STATE);
        Offsets.Thread thread = offsets.thread();
        byte[] state = new byte[2048];
        long leaf = stack.getLast().address();
        long top = leaf;
        if (thread.cframeCurrentFrame() != Offsets.ABSENT) {
            top = CFRAMES;
            byte[] cframe = new byte[(int) thread.cframeCurrentFrame() + 16];
            word(cframe, thread.cframeCurrentFrame(), leaf);
            image.put(CFRAMES, cframe);
        }
        word(state, thread.top(), top);
        word(state, thread.threadId(), 7);
        image.put(STATE, state);
        long previous = 0;
        Offsets.Frame frame = offsets.frame();
        for (Element element : stack) {
            byte[] bytes = new byte[0x100];
            long code = CODES + ((long) element.code() << 16);
            word(bytes, frame.previous(), previous);
            if (element.isShim()) {
                bytes[(int) frame.owner()] = (byte) frame.ownerShimMin();
                word(bytes, frame.code(), random.nextLong()); // nobody's business
            } else {
                word(bytes, frame.code(), code);
                if (offsets.code().codeAdaptive() == Offsets.ABSENT) {
                    bytes[(int) frame.instruction()] = (byte) (element.instruction() / units);
                } else {
                    word(
                            bytes,
                            frame.instruction(),
                            code + offsets.code().codeAdaptive() + element.instruction());
                }
            }
            frames.put(
                    element.address(), bytes); // what was popped stays there until it is used again
            previous = element.address();
        }
        frames.forEach(image::put);
        return image.build();
    }

    private static void put(MemoryImage.Builder image, long address, long value) {
        byte[] bytes = new byte[8];
        word(bytes, 0, value);
        image.put(address, bytes);
    }

    private static void word(byte[] bytes, long at, long value) {
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }
}
