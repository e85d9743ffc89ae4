package jspy.cli;

import jspy.output.OutputException;
import jspy.output.OutputFile;
import jspy.profile.LiveProfile;
import jspy.profile.LiveUpdate;
import jspy.sample.Attachment;
import jspy.sample.Recording;
import jspy.sample.Version;
import jspy.top.LiveSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/** A recording that goes on, as {@code jspy top} sees it. */
final class RecordingSource implements LiveSource {
    private final Attachment attachment;
    private final Recording recording;
    private final FlushSignal flush;

    RecordingSource(Attachment attachment, Recording recording, FlushSignal flush) {
        this.attachment = attachment;
        this.recording = recording;
        this.flush = flush;
    }

    @Override
    public LiveUpdate next(long millis) throws InterruptedException {
        return recording.live(millis);
    }

    @Override
    public boolean ended() {
        return recording.end() != null;
    }

    @Override
    public boolean saveWanted() {
        return flush.wanted();
    }

    @Override
    public String save(LiveProfile profile) {
        String subject = Integer.toString(attachment.process().pid());
        try {
            OutputNames names =
                    OutputNames.of(
                            List.of(Format.FLAMEGRAPH), List.of(), subject, ZonedDateTime.now());
            OutputFile file = OutputFile.at(Path.of(names.names().getFirst()));
            file.write(
                    Format.FLAMEGRAPH.writer(),
                    profile.profile(Version.NUMBER, recording.targets(), recording.start()));
            return "wrote " + file.path();
        } catch (OutputException | CommandException e) {
            return e.getMessage();
        }
    }

    @Override
    public String title() {
        String commandLine;
        try {
            List<String> arguments = new ArrayList<>(attachment.process().commandLine());
            if (!arguments.isEmpty()) {
                arguments.set(0, arguments.get(0).replaceFirst(".*/", ""));
            }
            commandLine = String.join(" ", arguments);
        } catch (IOException ended) {
            commandLine = "";
        }
        return "CPython %s, process %d: %s"
                .formatted(attachment.runtime().version(), attachment.process().pid(), commandLine);
    }
}
