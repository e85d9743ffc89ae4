package jspy.cli;

import jspy.output.TargetText;

/** Text of the target made fit for one line of a terminal. */
final class TargetLine {
    private TargetLine() {}

    /** Without the characters that move the cursor, change colours or turn the line around. */
    static String clean(String text) {
        return TargetText.visible(text, Integer.MAX_VALUE);
    }
}
