package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of jspy. */
interface Command {
    /**
     * Its options, built when the command is chosen: building those of all would cost more than a
     * dump.
     */
    CommandSpec spec();

    /** Runs it; the exit code. */
    int run(ParseResult arguments) throws CommandException, InterruptedException;
}
