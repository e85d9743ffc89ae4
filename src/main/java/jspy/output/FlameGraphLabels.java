package jspy.output;

import jspy.output.FlameGraphLayout.Box;
import jspy.output.FlameGraphLayout.Kind;
import jspy.profile.CallTree;
import jspy.profile.Frame;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What the boxes of a flame graph are called, and what their tool tips say besides. */
final class FlameGraphLabels {
    private static final int MAX_CHAIN_FRAMES = 5;

    private final CallTree tree;

    FlameGraphLabels(CallTree tree) {
        this.tree = tree;
    }

    /** The text in the box. */
    String label(Box box) {
        return switch (box.kind()) {
            case FRAME -> box.node() == CallTree.ROOT ? "all" : tree.frame(box.node()).label();
            case CHAIN -> String.format(Locale.ROOT, "… %,d calls in a row …", box.folded());
            case NARROW -> String.format(Locale.ROOT, "… %,d more", box.folded());
            case BELOW -> String.format(Locale.ROOT, "… %,d below", box.folded());
        };
    }

    /** The style sheet's class. */
    String className(Box box) {
        return switch (box.kind()) {
            case FRAME -> frameClassName(box);
            case CHAIN -> "fold";
            // The script zooms to what they belong to, and leaves them out of the search.
            case NARROW, BELOW -> "fold narrow";
        };
    }

    /** Further lines of the tool tip: the whole path, or what was folded. */
    List<String> details(Box box) {
        return switch (box.kind()) {
            case FRAME -> box.node() == CallTree.ROOT ? List.of() : path(tree.frame(box.node()));
            case CHAIN -> chain(box);
            case NARROW -> List.of("too narrow to be drawn, with all they call");
            case BELOW -> List.of("below the last row that is drawn");
        };
    }

    /** One line on all that is in the tree but has no box; none where all has. */
    Optional<String> foldNote(List<Box> boxes) {
        long drawn = boxes.stream().filter(box -> box.kind() == Kind.FRAME).count();
        long folded = tree.size() - drawn;
        if (boxes.isEmpty() || folded == 0) {
            return Optional.empty();
        }
        long inChains = folded(boxes, Kind.CHAIN);
        long below = folded(boxes, Kind.BELOW);
        long narrow = folded - inChains - below;
        List<String> why = new ArrayList<>();
        if (narrow > 0) {
            boolean crowded = drawn >= FlameGraphLayout.MAX_FRAMES;
            why.add(number(narrow) + (crowded ? " too narrow" : " narrower than 0.1 %"));
        }
        if (inChains > 0) {
            why.add(number(inChains) + " in long rows of calls");
        }
        if (below > 0) {
            why.add(number(below) + " below row " + FlameGraphLayout.MAX_ROWS);
        }
        return Optional.of(
                ("Folded into “…”, unseen by the search: %s of %s frames (%s)."
                                + " -f speedscope has them all.")
                        .formatted(
                                number(folded), number(tree.size() - 1L), String.join(", ", why)));
    }

    // internals

    private static long folded(List<Box> boxes, Kind kind) {
        return boxes.stream().filter(box -> box.kind() == kind).mapToLong(Box::folded).sum();
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private String frameClassName(Box box) {
        return box.node() == CallTree.ROOT
                ? "group"
                : FlameColors.className(tree.frame(box.node()));
    }

    private static List<String> path(Frame frame) {
        return frame.file().isEmpty() || frame.file().equals(frame.shortFile())
                ? List.of()
                : List.of(frame.file());
    }

    /** How often each frame is in the chain, in the order of first calls. */
    private List<String> chain(Box box) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int node = box.node(); node < box.node() + box.folded(); node++) {
            counts.merge(tree.frame(node).label(), 1, Integer::sum);
        }
        List<String> lines = new ArrayList<>();
        counts.forEach(
                (label, count) -> {
                    if (lines.size() < MAX_CHAIN_FRAMES) {
                        lines.add(String.format(Locale.ROOT, "%,d × %s", count, label));
                    }
                });
        int more = counts.size() - lines.size();
        if (more > 0) {
            lines.add("and " + more + " more");
        }
        return lines;
    }
}
