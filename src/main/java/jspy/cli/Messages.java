package jspy.cli;

/** What jspy says to the user beside its output: lines on standard error. */
final class Messages {
    private Messages() {}

    static void say(String line) {
        System.err.println("jspy: " + line);
    }
}
