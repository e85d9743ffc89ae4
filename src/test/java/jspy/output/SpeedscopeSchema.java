package jspy.output;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The schema that speedscope itself ships (npm package 1.25.0, MIT; its licence lies beside the
 * file).
 */
final class SpeedscopeSchema {
    private static final Schema SCHEMA = read();

    private SpeedscopeSchema() {}

    /** What is wrong with a file, one line each. */
    static List<String> errors(String json) {
        return SCHEMA.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
    }

    private static Schema read() {
        String name = "/speedscope/file-format-schema.json";
        try (InputStream in = SpeedscopeSchema.class.getResourceAsStream(name)) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
