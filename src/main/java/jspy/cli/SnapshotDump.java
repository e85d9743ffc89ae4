package jspy.cli;

import jspy.layout.UnsupportedPythonException;
import jspy.sample.Replay;
import jspy.sample.StackDump;
import jspy.snapshot.Snapshot;
import jspy.snapshot.SnapshotReader;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** {@code jspy dump --snapshot}: the stacks of a process that was captured. */
record SnapshotDump(DumpSubject subject, boolean proved) {
    static SnapshotDump of(Path path, int localChars) throws CommandException {
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
        return new SnapshotDump(subject, snapshot.proved());
    }

    void warn() {
        if (!proved) {
            Messages.say("these stacks are not proved: the process ran while it was captured");
        }
    }

    // internals

    private static Snapshot read(Path path) throws CommandException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            return SnapshotReader.read(in);
        } catch (NoSuchFileException e) {
            throw CommandException.failed("there is no file " + path);
        } catch (IOException e) {
            throw CommandException.failed("cannot read %s: %s".formatted(path, e.getMessage()));
        }
    }
}
