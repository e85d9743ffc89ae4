package jspy.layout;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One file of testdata/layouts: what tools/layoutgen found for one build.
 *
 * @param fields by "struct.field": offset and width in bytes
 */
record LayoutJson(
        String name,
        String python,
        String flavour,
        String platform,
        String source,
        Map<String, Long> sizes,
        Map<String, long[]> fields,
        Map<String, long[]> bits,
        Map<String, Long> constants) {
    static final Path FOLDER = Path.of("testdata", "layouts");

    static List<LayoutJson> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(LayoutJson::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static LayoutJson of(String name) {
        return read(FOLDER.resolve(name + ".json"));
    }

    static boolean exists(String name) {
        return Files.exists(FOLDER.resolve(name + ".json"));
    }

    int minor() {
        return Integer.parseInt(python.split("\\.")[1]);
    }

    int major() {
        return python.charAt(0) - '0';
    }

    PythonVersion version() {
        int patch = Integer.parseInt(python.split("\\.")[2]);
        return new PythonVersion(
                major(), minor(), patch, 0xF, 0, flavour.contains("t"), flavour.contains("d"));
    }

    /** What jspy would read in this build, had it this layout. */
    Offsets flattened() {
        Map<String, StructTable.Field> all = new LinkedHashMap<>();
        sizes.forEach((name, size) -> all.put(name, new StructTable.Field(0, size, true)));
        fields.forEach(
                (name, place) -> all.put(name, new StructTable.Field(place[0], place[1], false)));
        Map<String, Long> values = new LinkedHashMap<>(constants);
        bits.forEach(
                (name, range) -> {
                    values.put(name + ".shift", range[0]);
                    values.put(name + ".width", range[1]);
                });
        return Flattener.flatten(new StructTable(all, values));
    }

    /** Offset of a field, or null. */
    Long offset(String field) {
        long[] place = fields.get(field);
        return place == null ? null : (Long) place[0];
    }

    @Override
    public String toString() {
        return name;
    }

    // internals

    @SuppressWarnings("unchecked")
    private static LayoutJson read(Path file) {
        Map<String, Object> json;
        try (JsonParser parser =
                new JsonFactory()
                        .createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
            parser.nextToken();
            json = (Map<String, Object>) value(parser);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Long> sizes = new LinkedHashMap<>();
        Map<String, long[]> fields = new LinkedHashMap<>();
        ((Map<String, Map<String, Object>>) json.get("structs"))
                .forEach(
                        (struct, known) -> {
                            sizes.put(struct, (Long) known.get("size"));
                            pairs(known.get("fields"))
                                    .forEach((k, v) -> fields.put(struct + "." + k, v));
                        });
        return new LayoutJson(
                file.getFileName().toString().replace(".json", ""),
                (String) json.get("python"),
                (String) json.get("flavour"),
                (String) json.get("platform"),
                (String) json.get("source"),
                sizes,
                fields,
                pairs(json.get("bits")),
                (Map<String, Long>) json.get("constants"));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, long[]> pairs(Object json) {
        Map<String, long[]> pairs = new LinkedHashMap<>();
        ((Map<String, List<Long>>) json)
                .forEach((key, pair) -> pairs.put(key, new long[] {pair.get(0), pair.get(1)}));
        return pairs;
    }

    private static Object value(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String key = parser.currentName();
                    parser.nextToken();
                    map.put(key, value(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getString();
            default -> parser.getLongValue();
        };
    }
}
