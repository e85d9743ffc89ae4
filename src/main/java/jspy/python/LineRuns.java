package jspy.python;

import java.util.Arrays;

/**
 * Runs of instructions that share a line, in ascending order: what every line table decodes to.
 * Offsets are bytes from the first instruction.
 */
final class LineRuns {
    private final int firstLine;
    private final int[] starts;
    private final int[] lines;
    private final long end;

    private LineRuns(int firstLine, int[] starts, int[] lines, long end) {
        this.firstLine = firstLine;
        this.starts = starts;
        this.lines = lines;
        this.end = end;
    }

    int lineAt(long offset) {
        if (offset < 0) {
            return Math.max(firstLine, LineTable.NO_LINE);
        }
        if (offset >= end) {
            return LineTable.NO_LINE;
        }
        int found = Arrays.binarySearch(starts, (int) Math.min(offset, Integer.MAX_VALUE));
        int run = found >= 0 ? found : -found - 2;
        return run < 0 ? Math.max(firstLine, LineTable.NO_LINE) : lines[run];
    }

    /** Collects runs in ascending order. */
    static final class Builder {
        private int[] starts = new int[16];
        private int[] lines = new int[16];
        private int count;

        /** From {@code start} on the line is this one; below 1: none. */
        void add(int start, int line) {
            int useful = Math.max(line, LineTable.NO_LINE);
            if (count > 0 && starts[count - 1] == start) {
                count--;
            }
            if (count > 0 && lines[count - 1] == useful) {
                return;
            }
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
                lines = Arrays.copyOf(lines, count * 2);
            }
            starts[count] = start;
            lines[count++] = useful;
        }

        /**
         * @param end from here on nothing is known; {@code Long.MAX_VALUE}: the last run goes on
         */
        LineRuns build(int firstLine, long end) {
            fillGaps(firstLine);
            return new LineRuns(
                    firstLine, Arrays.copyOf(starts, count), Arrays.copyOf(lines, count), end);
        }

        private void fillGaps(int firstLine) {
            for (int i = 1; i < count; i++) {
                if (lines[i] == LineTable.NO_LINE) {
                    lines[i] = lines[i - 1];
                }
            }
            int useful = 0;
            while (useful < count && lines[useful] == LineTable.NO_LINE) {
                useful++;
            }
            int line = useful < count ? lines[useful] : Math.max(firstLine, LineTable.NO_LINE);
            Arrays.fill(lines, 0, useful, line);
        }
    }
}
