package jspy.output;

import jspy.profile.Frame;
import jspy.profile.FrameTable;
import jspy.profile.Profile;
import jspy.profile.SampleLog;
import jspy.profile.StackTrie;
import jspy.profile.ThreadLog;

import tools.jackson.core.JsonGenerator;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * speedscope's JSON: one profile a thread, with the real time and weight of every sample.
 *
 * <p>All threads are on one clock, from 0 to the end of the recording: speedscope itself looks at
 * nothing but weights, so time without a sample is written as an empty stack of that length. Times
 * are whole nanoseconds. What jspy says of the recording stands under a key of its own, which the
 * format's schema allows.
 */
public final class Speedscope implements ProfileWriter {
    private static final String SCHEMA = "https://www.speedscope.app/file-format-schema.json";

    @Override
    public void write(Profile profile, OutputStream out) throws IOException {
        ProfileJson.write(out, json -> new Body(profile, json).write());
    }

    // internals

    /** One run of the writer. */
    private static final class Body {
        private final Profile profile;
        private final JsonGenerator json;
        private final long endNanos;

        /** The groups of each thread, numbered on after the profile's frames. */
        private final FrameTable groups = new FrameTable();

        /** A stack's frames from leaf to root, while it is turned round. */
        private int[] path = new int[64];

        Body(Profile profile, JsonGenerator json) {
            this.profile = profile;
            this.json = json;
            endNanos = Math.max(profile.durationNanos(), lastSampleNanos(profile));
        }

        void write() {
            json.writeStartObject();
            json.writeStringProperty("$schema", SCHEMA);
            json.writeStringProperty(
                    "exporter", "jspy@" + TargetText.visible(profile.jspyVersion()));
            json.writeStringProperty("name", Headline.title(profile));
            if (!profile.threads().isEmpty()) {
                json.writeNumberProperty("activeProfileIndex", busiest());
            }
            json.writeName("jspy");
            ProfileJson.writeObject(profile, json);
            json.writeArrayPropertyStart("profiles");
            for (ThreadLog thread : profile.threads()) {
                writeThread(thread);
            }
            json.writeEndArray();
            json.writeObjectPropertyStart("shared");
            json.writeArrayPropertyStart("frames");
            writeFrames(profile.frames());
            writeFrames(groups);
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndObject();
        }

        private void writeThread(ThreadLog thread) {
            List<Integer> base = new ArrayList<>();
            for (Frame group : profile.groupsOf(thread)) {
                base.add(profile.frames().size() + groups.intern(group));
            }
            json.writeStartObject();
            json.writeStringProperty("type", "sampled");
            json.writeStringProperty("name", name(thread));
            json.writeStringProperty("unit", "nanoseconds");
            json.writeNumberProperty("startValue", 0);
            json.writeNumberProperty("endValue", endNanos);
            json.writeArrayPropertyStart("samples");
            for (Timeline spans = timeline(thread); spans.next(); ) {
                writeStack(spans.stack(), base);
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("weights");
            for (Timeline spans = timeline(thread); spans.next(); ) {
                json.writeNumber(spans.nanos());
            }
            json.writeEndArray();
            json.writeEndObject();
        }

        private Timeline timeline(ThreadLog thread) {
            return new Timeline(log(thread), endNanos);
        }

        private void writeStack(int stack, List<Integer> base) {
            json.writeStartArray();
            if (stack != Timeline.NOTHING) {
                for (int frame : base) {
                    json.writeNumber(frame);
                }
                int depth = profile.stacks().depth(stack);
                if (depth > path.length) {
                    path = new int[depth * 2];
                }
                int length = 0;
                for (int node = stack;
                        node != StackTrie.ROOT;
                        node = profile.stacks().parent(node)) {
                    path[length++] = profile.stacks().frame(node);
                }
                while (length > 0) {
                    json.writeNumber(path[--length]);
                }
            }
            json.writeEndArray();
        }

        private void writeFrames(FrameTable frames) {
            for (int id = 0; id < frames.size(); id++) {
                Frame frame = frames.get(id);
                json.writeStartObject();
                json.writeStringProperty("name", TargetText.visible(frame.function()));
                if (!frame.file().isEmpty()) {
                    json.writeStringProperty("file", TargetText.visible(frame.file()));
                }
                if (frame.hasLine()) {
                    json.writeNumberProperty("line", frame.line());
                }
                json.writeEndObject();
            }
        }

        private String name(ThreadLog thread) {
            boolean several = profile.processFrames() || profile.targets().size() > 1;
            String name =
                    (several ? "Process " + thread.pid() + " " : "") + "Thread " + thread.shownId();
            if (thread.threadName() == null) {
                return name;
            }
            return name + " \"" + TargetText.visible(thread.threadName()) + "\"";
        }

        private int busiest() {
            int busiest = 0;
            for (int i = 1; i < profile.threads().size(); i++) {
                if (profile.threads().get(i).samples() > profile.threads().get(busiest).samples()) {
                    busiest = i;
                }
            }
            return busiest;
        }
    }

    private static SampleLog log(ThreadLog thread) {
        return thread.log()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "speedscope needs the time of every sample, but thread "
                                                + thread.shownId()
                                                + " was recorded with sums only"));
    }

    private static long lastSampleNanos(Profile profile) {
        return profile.threads().stream()
                .mapToLong(thread -> log(thread).lastTimeNanos())
                .max()
                .orElse(0);
    }
}
