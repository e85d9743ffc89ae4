package jspy.cli;

import jspy.profile.Frame;
import jspy.python.Local;
import jspy.sample.StackDump;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A dump as JSON with py-spy's fields; null stands for what jspy does not know: the module of a
 * frame and where C entered the interpreter.
 */
final class DumpJson {
    private DumpJson() {}

    static String of(List<DumpSubject> subjects) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(new Indented(), text)) {
            json.writeStartArray();
            for (DumpSubject subject : subjects) {
                for (StackDump.ThreadDump thread : subject.dump().threads()) {
                    write(json, subject, thread);
                }
            }
            json.writeEndArray();
        }
        return text.append('\n').toString();
    }

    // internals

    private static void write(
            JsonGenerator json, DumpSubject subject, StackDump.ThreadDump thread) {
        json.writeStartObject();
        json.writeNumberProperty("pid", subject.pid());
        json.writeName("thread_id");
        json.writeNumber(Long.toUnsignedString(thread.ident()));
        write(json, "thread_name", thread.name());
        json.writeName("os_thread_id");
        if (thread.hostThreadId() == 0) {
            json.writeNull();
        } else {
            json.writeNumber(thread.hostThreadId());
        }
        json.writeBooleanProperty("active", thread.active());
        json.writeBooleanProperty("owns_gil", thread.holdsGil());
        json.writeArrayPropertyStart("frames");
        for (int i = 0; i < thread.frames().size(); i++) {
            boolean has = !thread.locals().isEmpty();
            write(json, thread.frames().get(i), has ? thread.locals().get(i) : null);
        }
        json.writeEndArray();
        json.writeName("process_info");
        write(json, subject.info());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ProcessInfo process) {
        if (process == null) {
            json.writeNull();
            return;
        }
        json.writeStartObject();
        json.writeNumberProperty("pid", process.pid());
        write(json, "command_line", process.commandLine());
        json.writeName("parent");
        write(json, process.parent());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, Frame frame, List<Local> locals) {
        json.writeStartObject();
        write(json, "name", frame.function());
        write(json, "filename", frame.file());
        json.writeNullProperty("module");
        write(json, "short_filename", frame.shortFile().isEmpty() ? null : frame.shortFile());
        json.writeNumberProperty("line", frame.hasLine() ? frame.line() : 0);
        writeLocals(json, locals);
        json.writeNullProperty("is_entry");
        json.writeNullProperty("is_shim_entry");
        json.writeEndObject();
    }

    /**
     * @param locals null when none were asked for
     */
    private static void writeLocals(JsonGenerator json, List<Local> locals) {
        if (locals == null) {
            json.writeNullProperty("locals");
            return;
        }
        json.writeArrayPropertyStart("locals");
        for (Local local : locals) {
            json.writeStartObject();
            write(json, "name", local.name());
            json.writeName("addr");
            json.writeNumber(Long.toUnsignedString(local.address()));
            json.writeBooleanProperty("arg", local.isArgument());
            write(json, "repr", local.text());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, String name, String text) {
        json.writeName(name);
        if (text == null) {
            json.writeNull();
        } else {
            json.writeString(encodable(text));
        }
    }

    /** Python's names may hold lone surrogates, which no encoding takes. */
    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static final class Indented extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
