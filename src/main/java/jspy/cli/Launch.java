package jspy.cli;

import jspy.process.AttachException;
import jspy.process.LaunchedProgram;
import jspy.process.ProcFiles;
import jspy.sample.Attachment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The program that {@code jspy record} starts: as whom, and what becomes of it. */
final class Launch {
    /** How long a program that was started only to be recorded gets to end when it cannot be. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** One that ends within this time is not said to go on. */
    private static final Duration ENDING = Duration.ofMillis(100);

    private final LaunchedProgram program;
    private final String name;
    private final boolean kill;

    private Launch(LaunchedProgram program, String name, boolean kill) {
        this.program = program;
        this.name = name;
        this.kill = kill;
    }

    /**
     * Starts the program: under sudo as the user who called it, as the file that is profiled should
     * not become root's.
     *
     * @param kill whether it ends with the recording
     * @param traced whether it is to be stopped for every sample
     * @param output the file for what it prints, and no input; null: as jspy, and its input too
     */
    static Launch start(List<String> command, boolean kill, boolean traced, Path output)
            throws CommandException {
        int user = id("SUDO_UID");
        int group = id("SUDO_GID");
        ProcFiles proc = ProcFiles.system();
        try {
            LaunchedProgram.Options plain =
                    LaunchedProgram.Options.plain().into(output).traced(traced);
            LaunchedProgram program =
                    LaunchedProgram.start(
                            proc,
                            command,
                            user > 0 && group >= 0 && "root".equals(System.getProperty("user.name"))
                                    ? plain.as(user, group)
                                    : plain);
            return new Launch(program, command.getFirst(), kill);
        } catch (AttachException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    /** A new file for what a program prints. */
    static Path outputFile(String prefix) throws CommandException {
        try {
            return Files.createTempFile(prefix, ".out");
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot make a file for what the program prints: " + e.getMessage());
        }
    }

    static String printedInto(Path output) {
        return "what the program printed is in " + output;
    }

    LaunchedProgram program() {
        return program;
    }

    /**
     * @param subprocesses whether a Python that it starts is as good
     */
    Attachment attach(boolean subprocesses) throws CommandException, InterruptedException {
        try {
            return subprocesses
                    ? Attaching.attachStartedTree(program.target())
                    : Attaching.attachStarted(program.target());
        } catch (AttachException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    /**
     * Why there is no recording. The program does not go on without: it has ended, which was the
     * reason, or is ended.
     */
    CommandException notRecorded(CommandException why) throws InterruptedException {
        if (program.waitForExit(ENDING)) {
            int code = program.waitForExit();
            return CommandException.programEnded(
                    "%s ended (exit code %d) before it could be recorded; nothing is written"
                            .formatted(name, code),
                    code);
        }
        program.terminate(GRACE);
        return why;
    }

    /** When the recording is done: waits for the program, whose exit code is jspy's. */
    int exitCode(StopOnSignal signal) throws InterruptedException {
        if (!program.waitForExit(ENDING) && !signal.came()) {
            if (kill) {
                program.terminate(GRACE);
                return 0;
            }
            Messages.say(name + " goes on; Ctrl-C ends it");
        }
        return program.waitForExit();
    }

    // internals

    private static int id(String variable) {
        String value = System.getenv().getOrDefault(variable, "");
        return value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
    }
}
