package jspy.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.output.FlameGraphLayout.Box;
import jspy.output.FlameGraphLayout.Kind;
import jspy.profile.CallTree;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

final class FlameGraphLayoutTest {
    @Test
    void smallTreeIsDrawnWhole() {
        CallTree tree = CallTree.of(Profiles.small());
        List<Box> boxes = FlameGraphLayout.of(tree);
        assertEquals(tree.size(), boxes.size());
        checkGeometry(tree, boxes);
    }

    @Test
    void middleOfLongChainIsOneBox() {
        CallTree tree = CallTree.of(Profiles.deep(2_000));
        List<Box> boxes = FlameGraphLayout.of(tree);
        List<Box> chains = boxes.stream().filter(box -> box.kind() == Kind.CHAIN).toList();
        assertEquals(1, chains.size());
        assertEquals(1_994, chains.getFirst().folded());
        assertEquals(11, boxes.size());
        checkGeometry(tree, boxes);
    }

    @Test
    void narrowFramesAreOneBoxBesideTheirSiblings() {
        List<List<String>> stacks =
                new ArrayList<>(Collections.nCopies(4_000, List.of("m", "wide")));
        for (int i = 0; i < 20; i++) {
            stacks.add(List.of("m", "narrow" + i));
        }
        CallTree tree = CallTree.of(Profiles.of(stacks));
        List<Box> boxes = FlameGraphLayout.of(tree);
        Box fold = boxes.getLast();
        assertEquals(Kind.NARROW, fold.kind());
        assertEquals(20, fold.folded());
        assertEquals(20, fold.samples());
        assertEquals(4_000, fold.start());
        checkGeometry(tree, boxes);
    }

    @Test
    void stacksThatBranchAllTheWayDownEndAtTheLastRow() {
        List<List<String>> stacks = new ArrayList<>();
        for (int depth = 1; depth <= 600; depth++) {
            stacks.add(Collections.nCopies(depth, "f"));
        }
        CallTree tree = CallTree.of(Profiles.of(stacks));
        List<Box> boxes = FlameGraphLayout.of(tree);
        Box below = boxes.getLast();
        assertEquals(Kind.BELOW, below.kind());
        assertEquals(FlameGraphLayout.MAX_ROWS, below.row());
        assertEquals(tree.size() - FlameGraphLayout.MAX_ROWS, below.folded());
        checkGeometry(tree, boxes);
    }

    @Test
    void wideForestHasNoMoreBoxesThanBrowserLikes() {
        List<List<String>> stacks = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            List<String> stack = new ArrayList<>();
            for (int depth = 0; depth < 150; depth++) {
                stack.add("f" + i + "." + depth);
                if (depth % 10 == 0) {
                    stacks.add(List.copyOf(stack));
                }
            }
        }
        CallTree tree = CallTree.of(Profiles.of(stacks));
        List<Box> boxes = FlameGraphLayout.of(tree);
        assertTrue(boxes.size() > 3_000, boxes.size() + " boxes");
        assertTrue(boxes.size() <= FlameGraphLayout.MAX_FRAMES + FlameGraphLayout.MAX_FOLDS);
        checkGeometry(tree, boxes);
    }

    /** Each box lies within its caller, and no two in a row overlap. */
    static void checkGeometry(CallTree tree, List<Box> boxes) {
        List<Box> lastOfRow = new ArrayList<>();
        for (Box box : boxes) {
            assertTrue(box.samples() > 0);
            assertTrue(box.row() <= lastOfRow.size(), "a box without a caller: " + box);
            if (box.row() == lastOfRow.size()) {
                lastOfRow.add(box);
            } else {
                Box left = lastOfRow.set(box.row(), box);
                assertTrue(left.start() + left.samples() <= box.start(), left + " and " + box);
            }
            if (box.row() > 0) {
                Box caller = lastOfRow.get(box.row() - 1);
                assertTrue(caller.start() <= box.start());
                assertTrue(caller.start() + caller.samples() >= box.start() + box.samples());
            }
        }
        long folded =
                boxes.stream().mapToLong(Box::folded).sum()
                        + boxes.stream().filter(box -> box.kind() == Kind.FRAME).count();
        assertTrue(folded <= tree.size());
    }
}
