package jspy.cli;

import jspy.profile.Frame;
import jspy.sample.StackDump;

import java.util.List;

/**
 * A dump as py-spy prints it. The names come from the target: control characters are made harmless.
 */
final class DumpText {
    private DumpText() {}

    /**
     * @param version of its interpreter
     */
    static String of(
            int pid,
            List<String> commandLine,
            String version,
            String executable,
            StackDump dump,
            boolean fullFilenames) {
        StringBuilder text = new StringBuilder();
        String command = clean(String.join(" ", commandLine));
        text.append("Process %d: %s%n".formatted(pid, command));
        text.append("Python v%s (%s)%n".formatted(version, clean(executable)));
        text.append(System.lineSeparator());
        for (StackDump.ThreadDump thread : dump.threads()) {
            append(text, thread, fullFilenames);
        }
        return text.toString();
    }

    // internals

    private static void append(
            StringBuilder text, StackDump.ThreadDump thread, boolean fullFilenames) {
        String id =
                thread.hostThreadId() != 0
                        ? Long.toString(thread.hostThreadId())
                        : "0x"
                                + Long.toHexString(thread.ident())
                                        .toUpperCase(java.util.Locale.ROOT);
        String state = thread.holdsGil() ? "active+gil" : thread.active() ? "active" : "idle";
        text.append("Thread ").append(id).append(" (").append(state).append(')');
        if (thread.name() != null) {
            text.append(": \"").append(clean(thread.name())).append('"');
        }
        text.append(System.lineSeparator());
        for (int i = 0; i < thread.frames().size(); i++) {
            text.append("    ").append(clean(label(thread.frames().get(i), fullFilenames)));
            text.append(System.lineSeparator());
            if (!thread.locals().isEmpty()) {
                for (String line : LocalsText.of(thread.locals().get(i))) {
                    text.append(clean(line)).append(System.lineSeparator());
                }
            }
        }
    }

    private static String label(Frame frame, boolean fullFilenames) {
        return fullFilenames && !frame.isMark()
                ? "%s (%s:%d)".formatted(frame.function(), frame.file(), frame.line())
                : frame.label();
    }

    private static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '\ufffd' : c));
        return clean.toString();
    }
}
