package jspy.cli;

import jspy.output.TargetText;

/** Text of the target made fit for one line of a terminal. */
final class TargetLine {
    /** Of a command line that is one among others. */
    private static final int MAX_COMMAND_CHARS = 200;

    private TargetLine() {}

    /** Without the characters that move the cursor, change colours or turn the line around. */
    static String clean(String text) {
        return TargetText.visible(text, Integer.MAX_VALUE);
    }

    /** The same, cut where nobody would read on. */
    static String brief(String commandLine) {
        return TargetText.visible(commandLine, MAX_COMMAND_CHARS);
    }
}
