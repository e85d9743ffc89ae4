package jspy.cli;

/** Why a command ends without having done its work: the line the user sees, and the exit code. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1;

    /** Something failed. */
    static final int FAILED = 1;

    /** The command line is not one. */
    static final int USAGE = 2;

    private final int exitCode;

    private CommandException(String message, int exitCode) {
        super(message);
        this.exitCode = exitCode;
    }

    static CommandException failed(String message) {
        return new CommandException(message, FAILED);
    }

    /** A program that jspy was to record ended by itself: its own exit code, unless that is 0. */
    static CommandException programEnded(String message, int exitCode) {
        return new CommandException(message, exitCode == 0 ? FAILED : exitCode);
    }

    static CommandException usage(String message) {
        return new CommandException(message, USAGE);
    }

    int exitCode() {
        return exitCode;
    }
}
