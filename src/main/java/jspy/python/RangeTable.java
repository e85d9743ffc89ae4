package jspy.python;

/**
 * {@code co_linetable} of CPython 3.10: pairs of (bytes of code covered, signed lines to add),
 * where -128 is code without a line. Objects/lnotab_notes.txt at v3.10.13.
 */
final class RangeTable implements LineTable {
    private static final byte NO_LINE_DELTA = -128;

    private final LineRuns runs;

    RangeTable(byte[] data, int firstLine) {
        LineRuns.Builder builder = new LineRuns.Builder();
        int address = 0;
        int line = firstLine;
        for (int i = 0; i + 1 < data.length; i += 2) {
            int covered = data[i] & 0xFF;
            byte delta = data[i + 1];
            if (delta != NO_LINE_DELTA) {
                line += delta;
            }
            if (covered > 0) {
                builder.add(address, delta == NO_LINE_DELTA ? NO_LINE : line);
            }
            address += covered;
        }
        runs = builder.build(firstLine, address);
    }

    @Override
    public int lineAt(long offsetBytes) {
        return runs.lineAt(offsetBytes);
    }
}
