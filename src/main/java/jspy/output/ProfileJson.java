package jspy.output;

import jspy.profile.Accuracy;
import jspy.profile.Profile;
import jspy.profile.Target;

import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;

/**
 * What a profile says of itself (targets, options, accuracy, notes) as a JSON object, the same in
 * every format that has room for it.
 */
final class ProfileJson {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

    /** Something that writes JSON and knows nothing of files. */
    interface Body {
        void write(JsonGenerator json);
    }

    private ProfileJson() {}

    /**
     * Writes what the body says and flushes; a full disk is an {@link IOException} again, as
     * everywhere else.
     */
    static void write(OutputStream out, Body body) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
            body.write(json);
        } catch (JacksonException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw e;
        }
        out.flush();
    }

    /** The object as text, without line breaks. */
    static String text(Profile profile) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
            writeObject(profile, json);
        }
        return text.toString();
    }

    /** Writes the object as the next value. */
    static void writeObject(Profile profile, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("version", TargetText.visible(profile.jspyVersion()));
        json.writeStringProperty("start", profile.start().toString());
        json.writeNumberProperty("durationNanos", profile.durationNanos());
        json.writeArrayPropertyStart("targets");
        for (Target target : profile.targets()) {
            json.writeStartObject();
            json.writeNumberProperty("pid", target.pid());
            json.writeStringProperty("commandLine", TargetText.visible(target.commandLine()));
            json.writeStringProperty("pythonVersion", TargetText.visible(target.pythonVersion()));
            json.writeStringProperty("executable", TargetText.visible(target.executable()));
            json.writeEndObject();
        }
        json.writeEndArray();
        writeAccuracy(profile.accuracy(), json);
        json.writeArrayPropertyStart("notes");
        for (String note : profile.notes()) {
            json.writeString(TargetText.visible(note));
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    // internals

    private static void writeAccuracy(Accuracy accuracy, JsonGenerator json) {
        json.writeObjectPropertyStart("accuracy");
        json.writeNumberProperty("rateAskedHz", accuracy.rateAskedHz());
        json.writeNumberProperty("rateReachedHz", accuracy.rateReachedHz());
        json.writeNumberProperty("samples", accuracy.samples());
        json.writeNumberProperty("stacks", accuracy.stacks());
        json.writeNumberProperty("proved", accuracy.proved());
        json.writeNumberProperty("provedPercent", accuracy.provedPercent());
        json.writeStringProperty("provedHow", TargetText.visible(accuracy.provedHow()));
        json.writeNumberProperty("agreed", accuracy.agreed());
        json.writeNumberProperty("torn", accuracy.torn());
        json.writeNumberProperty("truncated", accuracy.truncated());
        json.writeNumberProperty("unreadable", accuracy.unreadable());
        json.writeNumberProperty("retried", accuracy.retried());
        json.writeNumberProperty("lost", accuracy.lost());
        json.writeNumberProperty("late", accuracy.late());
        json.writeNumberProperty("missed", accuracy.missed());
        json.writeNumberProperty("errors", accuracy.errors());
        json.writeNumberProperty("intervalP50Nanos", Math.round(accuracy.intervalP50Nanos()));
        json.writeNumberProperty("intervalP99Nanos", Math.round(accuracy.intervalP99Nanos()));
        json.writeNumberProperty("cpuNanos", accuracy.cpuNanos());
        json.writeNumberProperty("wallNanos", accuracy.wallNanos());
        json.writeStringProperty("summary", accuracy.summary());
        json.writeEndObject();
    }
}
