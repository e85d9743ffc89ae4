package jspy.output;

import jspy.profile.CallTree;
import jspy.profile.Frame;
import jspy.profile.Profile;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * py-spy's raw format, which flamegraph.pl, inferno and speedscope read: a line for each stack,
 * root first, {@code <module> (a.py:9);f (a.py:3) 78}.
 *
 * <p>The separator is made harmless in names, as {@code :}, and so is a number at a name's end,
 * which flamegraph.pl would take for a second count.
 */
public final class Collapsed implements ProfileWriter {
    private static final Pattern NUMBER_AT_END = Pattern.compile("\\s+(?=[0-9.]+$)");

    /** What stands for a stack without any frame, so that its samples are not lost. */
    private static final String NO_FRAME = "[no Python frame]";

    @Override
    public void write(Profile profile, OutputStream out) throws IOException {
        CallTree tree = CallTree.of(profile, frame -> Frame.group(harmless(frame.label())));
        StringBuilder line = new StringBuilder();
        int[] lengthAtDepth = new int[tree.maxDepth() + 1];
        Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        if (tree.selfSamples(CallTree.ROOT) > 0) {
            text.write(NO_FRAME + " " + tree.selfSamples(CallTree.ROOT) + "\n");
        }
        for (int node = 1; node < tree.size(); node++) {
            int depth = tree.depth(node);
            line.setLength(lengthAtDepth[depth - 1]);
            if (depth > 1) {
                line.append(';');
            }
            line.append(tree.frame(node).label());
            lengthAtDepth[depth] = line.length();
            if (tree.selfSamples(node) > 0) {
                text.append(line).append(' ');
                text.append(Long.toString(tree.selfSamples(node))).append('\n');
            }
        }
        text.flush();
    }

    // internals

    private static String harmless(String label) {
        String shown = TargetText.visible(label).replace(';', ':');
        return shown.isBlank() ? "[no name]" : NUMBER_AT_END.matcher(shown).replaceFirst("_");
    }
}
