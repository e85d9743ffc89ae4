package jspy.binary;

import java.util.Arrays;

/**
 * The rows of one sequence of a line table, kept because running its program again for each address
 * costs as much every time: that of an interpreter's loop has ten thousand rows. One thread.
 */
final class LineRows {
    private final long low;
    private int[] offsets = new int[64]; // from low on, growing
    private int[] files = new int[64];
    private int[] lines = new int[64];
    private int count;

    private LineRows(long low) {
        this.low = low;
    }

    /**
     * Runs a program up to the end of its sequence.
     *
     * @param maxRows it may not have more
     * @return null where the rows are not in order or too many: then each look-up runs the program
     */
    static LineRows runOrNull(LineProgram program, long programAt, long low, int maxRows)
            throws BinaryFormatException {
        LineRows rows = new LineRows(low);
        boolean[] isGood = {false};
        program.run(
                programAt,
                (address, file, line, isEnd) -> {
                    isGood[0] = isEnd;
                    return !isEnd && rows.count < maxRows && rows.add(address, file, line);
                });
        return isGood[0] ? rows : null;
    }

    int count() {
        return count;
    }

    /** The last row at or before an address, negative where there is none. */
    int find(long address) {
        long offset = address - low;
        if (offset < 0 || offset > Integer.MAX_VALUE) {
            return -1;
        }
        int first = 0;
        int behind = count;
        while (first < behind) {
            int middle = (first + behind) >>> 1;
            if (offsets[middle] <= offset) {
                first = middle + 1;
            } else {
                behind = middle;
            }
        }
        return first - 1;
    }

    long file(int row) {
        return files[row];
    }

    long line(int row) {
        return lines[row];
    }

    // internals

    private boolean add(long address, long file, long line) {
        long offset = address - low;
        int before = count == 0 ? 0 : offsets[count - 1];
        if (offset < before
                || offset > Integer.MAX_VALUE
                || file != (int) file
                || line != (int) line) {
            return false;
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, count * 2);
            files = Arrays.copyOf(files, count * 2);
            lines = Arrays.copyOf(lines, count * 2);
        }
        offsets[count] = (int) offset;
        files[count] = (int) file;
        lines[count++] = (int) line;
        return true;
    }
}
