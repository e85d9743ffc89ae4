package jspy.python;

/**
 * {@code co_linetable} of CPython 3.11 and later: for every few code units a line and, mostly,
 * columns. Objects/locations.md at v3.11.7 (InternalDocs/code_objects.md from 3.14).
 */
final class LocationTable implements LineTable {
    /** A code unit, {@code _Py_CODEUNIT}. */
    private static final int UNIT_BYTES = 2;

    // enum _PyCodeLocationInfoKind, Include/internal/pycore_code.h
    private static final int SHORT_LAST = 9;
    private static final int ONE_LINE_0 = 10;
    private static final int ONE_LINE_2 = 12;
    private static final int NO_COLUMNS = 13;
    private static final int LONG = 14;
    private static final int NONE = 15;

    /** A varint of 32 bits has at most six bytes of six bits. */
    private static final int MAX_VARINT_SHIFT = 30;

    private final byte[] data;
    private final int firstLine;
    private final LineRuns runs;

    LocationTable(byte[] data, int firstLine) {
        this.data = data;
        this.firstLine = firstLine;
        LineRuns.Builder builder = new LineRuns.Builder();
        Cursor cursor = new Cursor();
        while (cursor.next()) {
            builder.add(cursor.start, cursor.kind == NONE ? NO_LINE : cursor.line);
        }
        runs = builder.build(firstLine, cursor.end);
    }

    @Override
    public int lineAt(long offsetBytes) {
        return runs.lineAt(offsetBytes);
    }

    @Override
    public Position positionAt(long offsetBytes) {
        Cursor cursor = new Cursor();
        while (offsetBytes >= 0 && cursor.next()) {
            if (offsetBytes < cursor.end) {
                return cursor.kind == NONE || cursor.line < 1
                        ? Position.ofLine(lineAt(offsetBytes))
                        : new Position(
                                cursor.line, cursor.endLine, cursor.column, cursor.endColumn);
            }
        }
        return Position.ofLine(lineAt(offsetBytes));
    }

    // internals

    /** Steps through the entries; each step takes at least one byte of the table. */
    private final class Cursor {
        int start;
        int end;
        int kind;
        int line = firstLine;
        int endLine;
        int column;
        int endColumn;
        private int at;

        boolean next() {
            if (at >= data.length) {
                return false;
            }
            int first = data[at++] & 0xFF;
            kind = (first >>> 3) & 0xF;
            start = end;
            end += ((first & 7) + 1) * UNIT_BYTES;
            column = Position.UNKNOWN;
            endColumn = Position.UNKNOWN;
            int linesMore = 0;
            if (kind <= SHORT_LAST) {
                int columns = single();
                column = kind << 3 | columns >>> 4;
                endColumn = column + (columns & 0xF);
            } else if (kind <= ONE_LINE_2) {
                line += kind - ONE_LINE_0;
                column = single();
                endColumn = single();
            } else if (kind == NO_COLUMNS) {
                line += signedVarint();
            } else if (kind == LONG) {
                line += signedVarint();
                linesMore = varint();
                column = varint() - 1;
                endColumn = varint() - 1;
            }
            endLine = line + linesMore;
            return true;
        }

        private int single() {
            return at < data.length ? data[at++] & 0xFF : 0;
        }

        private int varint() {
            int value = 0;
            for (int shift = 0; shift <= MAX_VARINT_SHIFT && at < data.length; shift += 6) {
                int next = data[at];
                if (next < 0) {
                    break;
                }
                at++;
                value |= (next & 0x3F) << shift;
                if ((next & 0x40) == 0) {
                    break;
                }
            }
            return value;
        }

        private int signedVarint() {
            int value = varint();
            return (value & 1) != 0 ? -(value >>> 1) : value >>> 1;
        }
    }
}
