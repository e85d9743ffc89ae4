package jspy.cli;

import jspy.output.TargetText;
import jspy.profile.Frame;
import jspy.sample.StackDump;

import java.util.List;
import java.util.Locale;

/**
 * A dump as py-spy prints it. The names come from the target: control characters are made harmless.
 */
final class DumpText {
    /** Between two processes. */
    private static final int RULE_WIDTH = 80;

    private final StringBuilder text = new StringBuilder();
    private final Colors colors;
    private final boolean fullFilenames;

    private DumpText(Colors colors, boolean fullFilenames) {
        this.colors = colors;
        this.fullFilenames = fullFilenames;
    }

    static String of(List<DumpSubject> subjects, boolean fullFilenames, Colors colors) {
        DumpText text = new DumpText(colors, fullFilenames);
        for (DumpSubject subject : subjects) {
            if (subject != subjects.getFirst()) {
                text.line("-".repeat(RULE_WIDTH));
            }
            text.append(subject);
        }
        return text.text.toString();
    }

    // internals

    private void append(DumpSubject subject) {
        String command = clean(String.join(" ", subject.commandLine()));
        line("Process %s: %s".formatted(colors.bold(Integer.toString(subject.pid())), command));
        line("Python v%s (%s)".formatted(subject.version(), clean(subject.executable())));
        if (subject.info() != null && subject.info().parent() != null) {
            ProcessInfo parent = subject.info().parent();
            line("Parent Process %d: %s".formatted(parent.pid(), clean(parent.commandLine())));
        }
        line("");
        for (StackDump.ThreadDump thread : subject.dump().threads()) {
            append(thread);
        }
    }

    private void append(StackDump.ThreadDump thread) {
        String id =
                thread.hostThreadId() != 0
                        ? Long.toString(thread.hostThreadId())
                        : "0x" + Long.toHexString(thread.ident()).toUpperCase(Locale.ROOT);
        String name =
                thread.name() == null ? "" : ": \"" + TargetText.visible(thread.name()) + "\"";
        line("Thread %s (%s)%s".formatted(colors.bold(id), state(thread), colors.bold(name)));
        for (int i = 0; i < thread.frames().size(); i++) {
            line("    " + label(thread.frames().get(i)));
            if (!thread.locals().isEmpty()) {
                LocalsText.of(thread.locals().get(i)).forEach(text -> line(clean(text)));
            }
        }
    }

    private String state(StackDump.ThreadDump thread) {
        return thread.holdsGil()
                ? colors.green("active+gil")
                : thread.active() ? colors.green("active") : colors.faint("idle");
    }

    private String label(Frame frame) {
        if (frame.isMark()) {
            return colors.yellow(clean(frame.label()));
        }
        String file = fullFilenames ? frame.file() : frame.shortFile();
        String line = frame.hasLine() ? ":" + frame.line() : "";
        return colors.cyan(TargetText.visible(frame.function()))
                + colors.faint(" (" + TargetText.visible(file) + line + ")");
    }

    private void line(String line) {
        text.append(line).append(System.lineSeparator());
    }

    private static String clean(String text) {
        return TargetLine.clean(text);
    }
}
