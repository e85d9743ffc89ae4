package jspy.output;

import jspy.profile.Frame;
import jspy.profile.Profile;
import jspy.profile.SampleLog;
import jspy.profile.StackTrie;
import jspy.profile.Target;
import jspy.profile.ThreadLog;

import tools.jackson.core.JsonGenerator;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Set;

/**
 * Chrome's trace events, which Perfetto and chrome://tracing show: a JSON array with a begin and an
 * end for every call, as far as samples tell.
 *
 * <p>Times are microseconds since the profile's start, those of the samples. A frame lasts while
 * sample after sample shows it; where a thread has no sample (it was idle) all its frames end.
 * Tracks are told apart by process and thread; a thread whose number is unknown, taken, or too
 * large for the viewers (32 bits) gets one of its own.
 */
public final class ChromeTrace implements ProfileWriter {
    private static final int NANO_DIGITS_OF_MICROS = 3;

    @Override
    public void write(Profile profile, OutputStream out) throws IOException {
        ProfileJson.write(out, json -> new Body(profile, json).write());
    }

    // internals

    /** One run of the writer. */
    private static final class Body {
        private final Profile profile;
        private final JsonGenerator json;
        private final Set<Long> tracks = new HashSet<>();

        /** The frames that are open, root first. */
        private int[] open = new int[64];

        private int depth;

        /** The frames of the next stack, root first. */
        private int[] next = new int[64];

        private int pid;
        private int track;

        Body(Profile profile, JsonGenerator json) {
            this.profile = profile;
            this.json = json;
        }

        void write() {
            json.writeStartArray();
            for (Target target : profile.targets()) {
                pid = target.pid();
                track = target.pid();
                writeName("process_name", TargetText.visible(target.commandLine()));
            }
            writeRecording();
            for (ThreadLog thread : profile.threads()) {
                writeThread(thread);
            }
            json.writeEndArray();
        }

        /**
         * What jspy says of the recording, as labels of the process: viewers show them, and pass
         * over the object beside them. Of metadata by another name chrome://tracing complains; a
         * comma would end a label.
         */
        private void writeRecording() {
            if (!profile.targets().isEmpty()) {
                pid = profile.targets().getFirst().pid();
                track = pid;
                writeHead("process_labels", "M");
                json.writeObjectPropertyStart("args");
                json.writeStringProperty("labels", profile.accuracy().summary().replace(",", ""));
                json.writeName("jspy");
                ProfileJson.writeObject(profile, json);
                json.writeEndObject();
                json.writeEndObject();
            }
        }

        private void writeThread(ThreadLog thread) {
            pid = thread.pid();
            track = trackOf(thread);
            String name = thread.threadName();
            writeName(
                    "thread_name",
                    name == null || name.isEmpty()
                            ? "thread " + thread.shownId()
                            : TargetText.visible(name));
            SampleLog log =
                    thread.log()
                            .orElseThrow(
                                    () ->
                                            new IllegalArgumentException(
                                                    "a trace needs the time of every sample"));
            long nowNanos = 0;
            Timeline spans = new Timeline(log, log.lastTimeNanos());
            while (spans.next()) {
                if (spans.nanos() > 0) {
                    change(spans.stack(), nowNanos);
                    nowNanos += spans.nanos();
                }
            }
            change(Timeline.NOTHING, nowNanos);
        }

        private int trackOf(ThreadLog thread) {
            long wanted = thread.nativeThreadId();
            if (wanted <= 0 || wanted > Integer.MAX_VALUE) {
                wanted = 1;
            }
            while (!tracks.add((long) thread.pid() << 32 | wanted)) {
                wanted = wanted == Integer.MAX_VALUE ? 1 : wanted + 1;
            }
            return (int) wanted;
        }

        /** Ends the frames that the stack does not have, begins those that are new. */
        private void change(int stack, long atNanos) {
            int nextDepth = stack == Timeline.NOTHING ? 0 : unroll(stack);
            int same = 0;
            while (same < depth && same < nextDepth && open[same] == next[same]) {
                same++;
            }
            for (int i = depth - 1; i >= same; i--) {
                writeCall(open[i], "E", atNanos);
            }
            for (int i = same; i < nextDepth; i++) {
                writeCall(next[i], "B", atNanos);
            }
            int[] closed = open;
            open = next;
            next = closed;
            depth = nextDepth;
        }

        private int unroll(int stack) {
            StackTrie stacks = profile.stacks();
            int length = stacks.depth(stack);
            if (length > next.length) {
                next = new int[length * 2];
            }
            int at = length;
            for (int node = stack; node != StackTrie.ROOT; node = stacks.parent(node)) {
                next[--at] = stacks.frame(node);
            }
            return length;
        }

        private void writeCall(int frameId, String phase, long atNanos) {
            Frame frame = profile.frames().get(frameId);
            writeHead(TargetText.visible(frame.function()), phase);
            json.writeStringProperty("cat", "python");
            json.writeName("ts");
            json.writeNumber(BigDecimal.valueOf(atNanos, NANO_DIGITS_OF_MICROS));
            if (phase.equals("B") && !frame.isMark()) {
                json.writeObjectPropertyStart("args");
                json.writeStringProperty("filename", TargetText.visible(frame.file()));
                if (frame.hasLine()) {
                    json.writeNumberProperty("line", frame.line());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }

        private void writeName(String what, String name) {
            writeHead(what, "M");
            json.writeObjectPropertyStart("args");
            json.writeStringProperty("name", name);
            json.writeEndObject();
            json.writeEndObject();
        }

        /** Begins an event; the caller ends the object. */
        private void writeHead(String name, String phase) {
            json.writeStartObject();
            json.writeStringProperty("name", name);
            json.writeStringProperty("ph", phase);
            json.writeNumberProperty("pid", pid);
            json.writeNumberProperty("tid", track);
        }
    }
}
