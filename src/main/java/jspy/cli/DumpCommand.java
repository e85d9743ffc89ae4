package jspy.cli;

import jspy.layout.UnsupportedPythonException;
import jspy.output.OutputException;
import jspy.output.OutputFile;
import jspy.process.TargetProcess;
import jspy.sample.Attachment;
import jspy.sample.ReadMode;
import jspy.sample.Replay;
import jspy.sample.StackDump;
import jspy.snapshot.Snapshot;
import jspy.snapshot.SnapshotReader;
import jspy.snapshot.SnapshotWriter;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** {@code jspy dump}: the stack of every thread, once. */
final class DumpCommand implements Command {
    /** How a dump is printed. */
    @FunctionalInterface
    private interface Form {
        String of(DumpSubject subject);
    }

    /** Longest text of a value, for each -l. */
    private static final int LOCAL_CHARS = 128;

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.usageMessage().description("Prints the stack of every thread, once.");
        spec.addOption(
                Options.value("PID", "the process, decimal or hexadecimal (0x…)", "-p", "--pid"));
        ReadingOptions.addTo(spec);
        spec.addOption(
                Options.flag(
                        "show the native functions under Python's, too; stops each thread that"
                                + " runs for some milliseconds",
                        "-n",
                        "--native"));
        spec.addOption(
                Options.flag(
                        "show whole file names, not those from the package on",
                        "--full-filenames"));
        spec.addOption(
                Options.value(
                        "FILE",
                        "also keep what was read, for --snapshot on any machine",
                        "--capture"));
        spec.addOption(
                Options.value("FILE", "print the stacks of a captured process", "--snapshot"));
        spec.addOption(Options.flag("JSON, with py-spy's fields", "-j", "--json"));
        spec.addOption(Options.value("FILE", "print the stacks of a core file", "-c", "--core"));
        spec.addOption(
                Options.value("FILE", "where the program of the core file is now", "--executable"));
        spec.addOption(
                Options.repeated(
                        "show the arguments and local variables of every frame; -ll shows more of"
                                + " each",
                        "-l",
                        "--locals"));
        spec.addOption(Options.help());
        return spec;
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        String pid = arguments.matchedOptionValue("--pid", null);
        String capture = arguments.matchedOptionValue("--capture", null);
        String snapshot = arguments.matchedOptionValue("--snapshot", null);
        ReadMode mode = ReadingOptions.of(arguments);
        boolean special = mode != ReadMode.OWN_CORE;
        boolean isNative = Options.has(arguments, "--native");
        boolean full = Options.has(arguments, "--full-filenames");
        Form form =
                Options.has(arguments, "--json")
                        ? DumpJson::of
                        : subject -> DumpText.of(subject, full, Colors.ofOutput());
        int localChars = Options.count(arguments, "--locals") * LOCAL_CHARS;
        String core = arguments.matchedOptionValue("--core", null);
        String executable = arguments.matchedOptionValue("--executable", null);
        if (core != null) {
            if (pid != null || snapshot != null || capture != null || special || isNative) {
                throw CommandException.usage(
                        "--core reads no process: no --pid, --snapshot, --capture, --blocking,"
                                + " --nonblocking, --native");
            }
            Path program = executable == null ? null : path(executable);
            StandardOutput.print(form.of(CoreDump.read(path(core), program, localChars)));
            return 0;
        }
        if (executable != null) {
            throw CommandException.usage("--executable goes with --core");
        }
        if ((pid == null) == (snapshot == null)) {
            throw CommandException.usage("dump needs --pid PID, --core FILE or --snapshot FILE");
        }
        if (snapshot != null && (capture != null || special)) {
            throw CommandException.usage(
                    "--snapshot reads no process: no --capture, --blocking, --nonblocking");
        }
        if (isNative && localChars > 0) {
            throw CommandException.usage("--locals shows Python frames alone: not with --native");
        }
        if (isNative && (snapshot != null || capture != null || special)) {
            throw CommandException.usage(
                    "--native reads a process: no --snapshot, --capture, --blocking,"
                            + " --nonblocking");
        }
        if (capture != null && special) {
            throw CommandException.usage(
                    "--capture keeps one moment: not with --blocking, --nonblocking");
        }
        if (snapshot != null) {
            return replay(path(snapshot), form, localChars);
        }
        OutputFile file = capture == null ? null : outputFile(path(capture));
        return dump(Attaching.attach(Attaching.pid(pid)), file, mode, isNative, form, localChars);
    }

    // internals

    private static int dump(
            Attachment attachment,
            OutputFile capture,
            ReadMode mode,
            boolean isNative,
            Form form,
            int localChars)
            throws CommandException, InterruptedException {
        TargetProcess process = attachment.process();
        UnaryOperator<String> shorten = attachment.shortNames();
        try {
            SnapshotFiles.Captured captured =
                    capture == null ? null : SnapshotFiles.capture(attachment, shorten, localChars);
            StackDump dump =
                    capture == null
                            ? isNative
                                    ? attachment.dumpNative(shorten)
                                    : attachment.dump(mode, shorten, localChars)
                            : captured == null ? null : captured.dump();
            if (dump == null) {
                throw CommandException.failed("process %d ended".formatted(process.pid()));
            }
            if (capture != null) {
                capture.write(out -> SnapshotWriter.write(captured.snapshot(), out));
            }
            DumpSubject subject =
                    new DumpSubject(
                            process.pid(),
                            process.commandLine(),
                            attachment.runtime().version().toString(),
                            process.executable(),
                            dump);
            if (!StandardOutput.print(form.of(subject))) {
                return 0;
            }
            if (!dump.proved()) {
                Messages.say(unproved(mode, attachment));
            } else if (!dump.localsProved()) {
                Messages.say(
                        "the program went on while its variables were read: some may be of a"
                                + " moment after its stacks");
            } else if (captured != null && !captured.snapshot().proved()) {
                Messages.say(
                        "the process changed while it was captured: the snapshot may lack"
                                + " frames; try again");
            }
            return 0;
        } catch (OutputException e) {
            throw CommandException.failed(e.getMessage());
        } catch (IOException e) {
            throw CommandException.failed(
                    "cannot read process %d: %s".formatted(process.pid(), e.getMessage()));
        }
    }

    private static int replay(Path path, Form form, int localChars) throws CommandException {
        Snapshot snapshot = read(path);
        StackDump dump;
        String version;
        try {
            Replay replay = SnapshotFiles.replay(snapshot);
            version = replay.runtime().version().toString();
            dump = replay.dump(SnapshotFiles.shortNames(snapshot), localChars);
        } catch (UnsupportedPythonException e) {
            throw CommandException.failed("%s: %s".formatted(path, e.getMessage()));
        }
        if (dump == null) {
            throw CommandException.failed(path + " holds no interpreter: it may be damaged");
        }
        DumpSubject subject =
                new DumpSubject(
                        snapshot.pid(),
                        snapshot.commandLine(),
                        version,
                        snapshot.executable(),
                        dump);
        if (StandardOutput.print(form.of(subject)) && !snapshot.proved()) {
            Messages.say("these stacks are not proved: the process ran while it was captured");
        }
        return 0;
    }

    private static Snapshot read(Path path) throws CommandException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return SnapshotReader.read(in);
        } catch (NoSuchFileException e) {
            throw CommandException.failed("there is no file " + path);
        } catch (IOException e) {
            throw CommandException.failed("cannot read %s: %s".formatted(path, e.getMessage()));
        }
    }

    private static OutputFile outputFile(Path path) throws CommandException {
        try {
            return OutputFile.at(path, "--capture");
        } catch (OutputException e) {
            throw CommandException.failed(e.getMessage());
        }
    }

    private static Path path(String typed) throws CommandException {
        try {
            return Path.of(typed);
        } catch (InvalidPathException e) {
            throw CommandException.failed("'%s' is no file name".formatted(typed));
        }
    }

    private static String unproved(ReadMode mode, Attachment attachment) {
        return mode == ReadMode.UNPROVED
                ? "read without a proof (--nonblocking); what two readings did not agree on is"
                        + " [torn]"
                : "these stacks are not proved: " + attachment.proof().describe();
    }
}
