package jspy.python;

import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.layout.PythonVersion;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineTableProperties {
    @Property
    void anyBytesMakeATable(
            @ForAll @Size(max = 300) byte[] data,
            @ForAll int firstLine,
            @ForAll @IntRange(min = 3, max = 14) int minor,
            @ForAll boolean whole,
            @ForAll long offset) {
        LineTable table = LineTable.of(PythonVersion.of(3, minor, 0), data, firstLine, whole);
        assertTrue(table.lineAt(offset) >= LineTable.NO_LINE);
        assertTrue(table.lineAt(offset & 0xFFF) >= LineTable.NO_LINE);
        table.positionAt(offset);
        table.positionAt(offset & 0xFFF);
    }
}
