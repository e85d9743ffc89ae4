package jspy.cli;

import jspy.sample.NativeMode;
import jspy.sample.ReadMode;

import picocli.CommandLine.ParseResult;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * What {@code jspy dump} was asked for, checked: one of a process, a core file and a snapshot.
 *
 * @param pid 0 for none
 * @param subprocesses its children too
 * @param natives which native frames are shown beside Python's
 * @param core null for none
 * @param executable where the core's program is now; null: where it was
 * @param snapshot null for none
 * @param capture where to keep what was read; null for nowhere
 * @param localChars longest text of a variable's value; 0: no variables
 */
record DumpRequest(
        int pid,
        boolean subprocesses,
        ReadMode mode,
        NativeMode natives,
        Path core,
        Path executable,
        Path snapshot,
        Path capture,
        int localChars,
        boolean json,
        boolean fullFilenames) {
    /** Longest text of a value, for each -l. */
    private static final int LOCAL_CHARS = 128;

    static DumpRequest of(ParseResult arguments) throws CommandException {
        String pid = arguments.matchedOptionValue("--pid", null);
        DumpRequest request =
                new DumpRequest(
                        0,
                        Options.has(arguments, "--subprocesses"),
                        ReadingOptions.of(arguments),
                        NativeOptions.mode(arguments),
                        path(arguments, "--core"),
                        path(arguments, "--executable"),
                        path(arguments, "--snapshot"),
                        path(arguments, "--capture"),
                        Options.count(arguments, "--locals") * LOCAL_CHARS,
                        Options.has(arguments, "--json"),
                        Options.has(arguments, "--full-filenames"));
        request.check(pid != null);
        return pid == null ? request : request.of(Attaching.pid(pid));
    }

    // internals

    private DumpRequest of(int found) {
        return new DumpRequest(
                found,
                subprocesses,
                mode,
                natives,
                core,
                executable,
                snapshot,
                capture,
                localChars,
                json,
                fullFilenames);
    }

    private void check(boolean hasPid) throws CommandException {
        boolean special = mode != ReadMode.OWN_CORE;
        boolean isNative = natives != NativeMode.NONE;
        refuse(isNative && localChars > 0, "--locals shows Python frames alone: not with --native");
        if (core != null) {
            refuse(
                    hasPid || snapshot != null || capture != null || special,
                    "--core reads no process: no --pid, --snapshot, --capture, --blocking,"
                            + " --nonblocking");
            refuse(subprocesses, "a core file has no child processes: no --subprocesses");
            return;
        }
        refuse(executable != null, "--executable goes with --core");
        refuse(
                hasPid == (snapshot != null),
                "dump needs --pid PID, --core FILE or --snapshot FILE");
        refuse(
                snapshot != null && (capture != null || special || subprocesses),
                "--snapshot reads no process: no --capture, --blocking, --nonblocking,"
                        + " --subprocesses");
        refuse(
                isNative && (snapshot != null || capture != null || special),
                "--native reads a process: no --snapshot, --capture, --blocking, --nonblocking");
        refuse(
                capture != null && special,
                "--capture keeps one moment: not with --blocking, --nonblocking");
        refuse(
                capture != null && subprocesses,
                "--capture keeps one process: not with --subprocesses");
    }

    private static void refuse(boolean wrong, String message) throws CommandException {
        if (wrong) {
            throw CommandException.usage(message);
        }
    }

    private static Path path(ParseResult arguments, String option) throws CommandException {
        String typed = arguments.matchedOptionValue(option, null);
        try {
            return typed == null ? null : Path.of(typed);
        } catch (InvalidPathException e) {
            throw CommandException.failed("'%s' is no file name".formatted(typed));
        }
    }
}
