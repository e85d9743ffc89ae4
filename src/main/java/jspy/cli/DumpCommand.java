package jspy.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

import java.util.List;

/** {@code jspy dump}: the stack of every thread, once. */
final class DumpCommand implements Command {
    @Override
    public CommandSpec spec() {
        return DumpOptions.spec();
    }

    @Override
    public int run(ParseResult arguments) throws CommandException, InterruptedException {
        DumpRequest request = DumpRequest.of(arguments);
        if (request.core() != null) {
            print(
                    List.of(
                            CoreDump.read(
                                    request.core(),
                                    request.executable(),
                                    request.localChars(),
                                    request.natives())),
                    request);
        } else if (request.snapshot() != null) {
            SnapshotDump replay = SnapshotDump.of(request.snapshot(), request.localChars());
            if (print(List.of(replay.subject()), request)) {
                replay.warn();
            }
        } else {
            List<ProcessDump> dumps =
                    request.subprocesses()
                            ? new TreeDump(request).all()
                            : List.of(ProcessDump.of(Attaching.attach(request.pid()), request));
            if (print(dumps.stream().map(ProcessDump::subject).toList(), request)) {
                dumps.forEach(ProcessDump::warn);
            }
        }
        return 0;
    }

    // internals

    /** Whether somebody reads it to the end. */
    private static boolean print(List<DumpSubject> subjects, DumpRequest request)
            throws CommandException {
        return StandardOutput.print(
                request.json()
                        ? DumpJson.of(subjects)
                        : DumpText.of(subjects, request.fullFilenames(), Colors.ofOutput()));
    }
}
