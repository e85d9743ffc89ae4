package jspy.cli;

/** Text of the target made fit for one line of a terminal. */
final class TargetLine {
    private TargetLine() {}

    /** Without the characters that move the cursor or change colours. */
    static String clean(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? '\ufffd' : c));
        return clean.toString();
    }
}
