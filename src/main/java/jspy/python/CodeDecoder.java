package jspy.python;

import jspy.layout.Offsets;
import jspy.layout.PythonVersion;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/** Turns copied code objects into names and lines. Any bytes give a {@link CodeInfo}; immutable. */
public final class CodeDecoder {
    private final Offsets offsets;
    private final PythonVersion version;
    private final UnicodeText text;

    public CodeDecoder(Offsets offsets, PythonVersion version) {
        this.offsets = offsets;
        this.version = version;
        this.text = new UnicodeText(offsets);
    }

    public CodeInfo decode(RawCode raw) {
        Optional<String> name = text.decode(raw.name());
        Optional<String> filename = text.decode(raw.filename());
        Optional<String> qualname =
                offsets.code().qualname() == Offsets.ABSENT ? name : text.decode(raw.qualname());
        int firstLine = int32(raw.code(), offsets.code().firstLine());
        byte[] table = tableData(raw.lineTable());
        boolean tableWhole = table.length == Math.max(tableLength(raw.lineTable()), 0);
        boolean whole =
                text.isWhole(raw.name())
                        && text.isWhole(raw.filename())
                        && qualname.isPresent()
                        && raw.lineTable() != null
                        && tableWhole;
        String known = name.orElse(CodeInfo.UNREADABLE);
        return new CodeInfo(
                known,
                qualname.orElse(known),
                filename.orElse(CodeInfo.UNREADABLE),
                Math.max(firstLine, 0),
                int32(raw.code(), offsets.code().flags()),
                LineTable.of(version, table, firstLine, tableWhole),
                whole);
    }

    // internals

    private static int int32(byte[] struct, long offset) {
        return struct == null || offset < 0 || struct.length < offset + Integer.BYTES
                ? 0
                : MemorySegment.ofArray(struct).get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    /** {@code ob_size} of the table's bytes object; negative when it is unknown. */
    private long tableLength(byte[] object) {
        long at = offsets.objects().varSize();
        return object == null || object.length < at + Long.BYTES
                ? -1
                : MemorySegment.ofArray(object).get(ValueLayout.JAVA_LONG_UNALIGNED, at);
    }

    private byte[] tableData(byte[] object) {
        long length = tableLength(object);
        int from = (int) offsets.objects().bytesData();
        if (length <= 0 || object.length <= from) {
            return new byte[0];
        }
        int there = (int) Math.min(object.length - from, length);
        return Arrays.copyOfRange(object, from, from + there);
    }
}
