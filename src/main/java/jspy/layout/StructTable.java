package jspy.layout;

import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.lang.foreign.StructLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of one version's structs by name ({@code PyInterpreterState.threads.head}), made by
 * one walk over its layouts. What the target says of itself ({@link DebugOffsets}) is written over
 * it. Used at attach only, by one thread.
 *
 * <p>Names are put together with {@code concat}: the first {@code +} of strings costs a program
 * some milliseconds of its start.
 */
final class StructTable {
    /** One field; a whole struct has the offset 0. A group has named fields of its own. */
    record Field(long offset, long size, boolean group) {}

    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final Map<String, Long> constants;

    StructTable(List<StructLayout> structs, Map<String, Long> constants) {
        this.constants = constants;
        for (StructLayout struct : structs) {
            String name = struct.name().orElseThrow();
            fields.put(name, new Field(0, struct.byteSize(), true));
            addMembers(struct, name.concat("."), 0);
        }
    }

    /** A table of these fields alone. */
    StructTable(Map<String, Field> fields, Map<String, Long> constants) {
        this.constants = constants;
        this.fields.putAll(fields);
    }

    boolean has(String name) {
        return fields.containsKey(name);
    }

    /** The field, or null when this version lacks it. */
    Field field(String name) {
        return fields.get(name);
    }

    /** All fields, by name. */
    Map<String, Field> fields() {
        return Collections.unmodifiableMap(fields);
    }

    /**
     * The offset of the first of these fields that this version has, else {@link Offsets#ABSENT}.
     */
    long offset(String... names) {
        for (String name : names) {
            Field field = fields.get(name);
            if (field != null) {
                return field.offset();
            }
        }
        return Offsets.ABSENT;
    }

    /** Bytes of a struct, or {@link Offsets#ABSENT}. */
    long size(String struct) {
        Field field = fields.get(struct);
        return field == null ? Offsets.ABSENT : field.size();
    }

    /** The first of these constants that this version has, else {@link Offsets#ABSENT}. */
    long constant(String... names) {
        for (String name : names) {
            Long value = constants.get(name);
            if (value != null) {
                return value;
            }
        }
        return Offsets.ABSENT;
    }

    void moveTo(String name, long offset) {
        Field field = fields.get(name);
        fields.put(
                name,
                field == null
                        ? new Field(offset, Long.BYTES, false)
                        : new Field(offset, field.size(), field.group()));
    }

    void resize(String struct, long size) {
        fields.put(struct, new Field(0, size, true));
    }

    void remove(String name) {
        fields.remove(name);
    }

    // internals

    private void addMembers(GroupLayout group, String prefix, long start) {
        long at = start;
        for (MemoryLayout member : group.memberLayouts()) {
            if (!(member instanceof PaddingLayout)) {
                String name = prefix.concat(member.name().orElseThrow());
                boolean isGroup = member instanceof GroupLayout;
                fields.put(name, new Field(at, member.byteSize(), isGroup));
                if (member instanceof GroupLayout inner) {
                    addMembers(inner, name.concat("."), at);
                }
            }
            at += member.byteSize();
        }
    }
}
