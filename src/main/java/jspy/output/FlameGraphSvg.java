package jspy.output;

import jspy.output.FlameGraphLayout.Box;
import jspy.output.FlameGraphLayout.Kind;
import jspy.profile.CallTree;
import jspy.profile.Profile;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A flame graph as one SVG file, root on top, that any browser opens from disk.
 *
 * <p>It is whole without its script (labels are cut for 1,200 pixels, titles are tool tips); the
 * script adds zoom, search, keys and the window's width. Nothing is loaded from elsewhere. The
 * script and the style sheet are resources beside this class.
 */
public final class FlameGraphSvg implements ProfileWriter {
    private static final int WIDTH = 1200;
    private static final int MARGIN = 12;
    private static final int ROW_HEIGHT = 18;
    private static final int BOX_HEIGHT = 17;
    private static final int NOTE_HEIGHT = 18;

    /** Title, two lines on the recording, and room for what the script puts there: the search. */
    private static final int HEAD_HEIGHT = 118;

    /** Of 12 px monospaced type, generously. */
    private static final double CHAR_WIDTH = 7.3;

    private static final int FEWEST_CHARS = 3;
    private static final int MAX_LABEL_CHARS = 300;

    private static final String NO_STACKS =
            "No stacks were seen. If the program only waited, -i (--idle) records that too.";

    @Override
    public void write(Profile profile, OutputStream out) throws IOException {
        CallTree tree = CallTree.of(profile);
        Writer svg = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        svg.write(new Document(profile, tree).text());
        svg.flush();
    }

    // internals

    /** One run of the writer. */
    private static final class Document {
        private final Profile profile;
        private final CallTree tree;
        private final FlameGraphLabels labels;
        private final List<Box> boxes;
        private final long total;
        private final StringBuilder svg = new StringBuilder();

        Document(Profile profile, CallTree tree) {
            this.profile = profile;
            this.tree = tree;
            labels = new FlameGraphLabels(tree);
            total = tree.totalSamples(CallTree.ROOT);
            boxes = total == 0 ? List.of() : FlameGraphLayout.of(tree);
        }

        String text() {
            List<String> notes = notes();
            int rows = 1 + boxes.stream().mapToInt(Box::row).max().orElse(0);
            int notesTop = HEAD_HEIGHT + rows * ROW_HEIGHT + NOTE_HEIGHT + 6;
            int height = notesTop + notes.size() * NOTE_HEIGHT;
            writeStart(height);
            writeHead();
            svg.append("<svg class=\"frames\" x=\"").append(MARGIN);
            svg.append("\" width=\"").append(WIDTH - 2 * MARGIN);
            svg.append("\" overflow=\"visible\" data-total=\"").append(total).append("\">\n");
            for (Box box : boxes) {
                writeBox(box);
            }
            svg.append("</svg>\n");
            if (total == 0) {
                text("empty", MARGIN, HEAD_HEIGHT, NO_STACKS);
            }
            svg.append("<g class=\"notes\">\n");
            for (int i = 0; i < notes.size(); i++) {
                text("note", MARGIN, notesTop + i * NOTE_HEIGHT, notes.get(i));
            }
            svg.append("</g>\n");
            svg.append("<script><![CDATA[\n")
                    .append(resource("flamegraph.js"))
                    .append("]]></script>\n");
            svg.append("</svg>\n");
            return svg.toString();
        }

        private void writeStart(int height) {
            String title = xml("Flame graph of " + Headline.title(profile));
            svg.append("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n");
            svg.append(
                    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\""
                            + " class=\"jspy-flame\"");
            svg.append(" width=\"").append(WIDTH).append("\" height=\"").append(height);
            svg.append("\" viewBox=\"0 0 ").append(WIDTH).append(' ').append(height);
            svg.append("\" role=\"img\" aria-label=\"").append(title).append("\" fill=\"#241a12\"");
            svg.append(" font-family=\"sans-serif\" font-size=\"12\">\n");
            svg.append("<title>").append(title).append("</title>\n");
            svg.append("<desc>").append(xml(profile.accuracy().summary())).append("</desc>\n");
            svg.append("<metadata>").append(xml(ProfileJson.text(profile))).append("</metadata>\n");
            svg.append("<style><![CDATA[\n").append(resource("flamegraph.css"));
            svg.append(FlameColors.styleSheet()).append("]]></style>\n");
            svg.append("<rect class=\"paper\" width=\"100%\" height=\"100%\" fill=\"none\"/>\n");
        }

        private void writeHead() {
            svg.append("<g class=\"head\" data-height=\"").append(HEAD_HEIGHT).append("\">\n");
            svg.append("<rect class=\"paper\" width=\"100%\" height=\"").append(HEAD_HEIGHT);
            svg.append("\" fill=\"none\"/>\n");
            text("title", MARGIN, 28, Headline.title(profile));
            text("line", MARGIN, 50, Headline.subtitle(profile, total));
            text("line", MARGIN, 68, profile.accuracy().summary());
            svg.append("</g>\n");
        }

        private void writeBox(Box box) {
            String label = labels.label(box);
            double left = 100.0 * box.start() / total;
            double width = 100.0 * box.samples() / total;
            int top = HEAD_HEIGHT + box.row() * ROW_HEIGHT;
            svg.append("<g class=\"f ").append(labels.className(box));
            svg.append("\" data-x=\"").append(box.start());
            svg.append("\" data-w=\"").append(box.samples()).append("\"><title>");
            svg.append(xml(label, MAX_LABEL_CHARS)).append('\n').append(share(box));
            for (String detail : labels.details(box)) {
                svg.append('\n').append(xml(detail, MAX_LABEL_CHARS));
            }
            svg.append("</title><rect x=\"").append(percent(left)).append("\" y=\"").append(top);
            svg.append("\" width=\"").append(percent(width)).append("\" height=\"");
            svg.append(BOX_HEIGHT).append("\" fill=\"#f6ae6b\"/>");
            int chars = (int) ((width / 100 * (WIDTH - 2 * MARGIN) - 6) / CHAR_WIDTH);
            if (chars >= FEWEST_CHARS) {
                svg.append("<text x=\"").append(percent(left)).append("\" dx=\"4\" y=\"");
                svg.append(top + 13).append("\" font-family=\"monospace\">");
                svg.append(xml(label, chars - 1)).append("</text>");
            }
            svg.append("</g>\n");
        }

        private String share(Box box) {
            String share =
                    String.format(
                            Locale.ROOT,
                            "%,d of %,d stacks · %.2f %%",
                            box.samples(),
                            total,
                            100.0 * box.samples() / total);
            boolean whole = box.kind() == Kind.FRAME || box.kind() == Kind.CHAIN;
            return whole ? share + " · " + Headline.seconds(tree.totalNanos(box.node())) : share;
        }

        private List<String> notes() {
            List<String> notes = new ArrayList<>(profile.notes());
            labels.foldNote(boxes).ifPresent(notes::add);
            return notes;
        }

        private void text(String className, int x, int y, String text) {
            svg.append("<text class=\"").append(className).append("\" x=\"").append(x);
            svg.append("\" y=\"").append(y).append("\">").append(xml(text)).append("</text>\n");
        }
    }

    private static String xml(String text) {
        return TargetText.xml(TargetText.visible(text));
    }

    private static String xml(String text, int maxChars) {
        return TargetText.xml(TargetText.visible(text, maxChars));
    }

    private static String percent(double value) {
        return String.format(Locale.ROOT, "%.4f%%", value);
    }

    private static String resource(String name) {
        try (InputStream in = FlameGraphSvg.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("jspy.jar lacks jspy/output/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("jspy.jar cannot be read", e);
        }
    }
}
