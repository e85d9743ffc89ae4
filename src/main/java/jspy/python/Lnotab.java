package jspy.python;

/**
 * {@code co_lnotab} of CPython up to 3.9: pairs of (bytes of code, lines to add), the lines signed
 * from 3.6 on. Objects/lnotab_notes.txt at v3.9.18.
 */
final class Lnotab implements LineTable {
    private final LineRuns runs;

    Lnotab(byte[] data, int firstLine, boolean signed, boolean whole) {
        LineRuns.Builder builder = new LineRuns.Builder();
        int address = 0;
        int line = firstLine;
        builder.add(0, line);
        for (int i = 0; i + 1 < data.length; i += 2) {
            address += data[i] & 0xFF;
            line += signed ? data[i + 1] : data[i + 1] & 0xFF;
            builder.add(address, line);
        }
        runs = builder.build(firstLine, whole ? Long.MAX_VALUE : address);
    }

    @Override
    public int lineAt(long offsetBytes) {
        return runs.lineAt(offsetBytes);
    }
}
