package jspy.process;

import java.nio.charset.StandardCharsets;

/**
 * What {@code /proc/PID/stat} says once, on the cold path ({@link ThreadStates} has the hot one).
 *
 * @param startTicks clock ticks after boot at which it started: with the pid, the identity of a
 *     process
 */
public record ProcessStat(String name, char state, int parentPid, long flags, long startTicks) {
    /** {@code PF_KTHREAD}, linux/sched.h */
    private static final long KERNEL_THREAD = 0x00200000;

    /**
     * @return null when the text is not a stat line
     */
    static ProcessStat parseOrNull(byte[] text) {
        String line = new String(text, StandardCharsets.UTF_8);
        int open = line.indexOf('(');
        // the name may hold parentheses and newlines: the last one ends it
        int close = line.lastIndexOf(')');
        if (open < 0 || close < open || close + 2 > line.length()) {
            return null;
        }
        String[] fields = line.substring(close + 2).trim().split(" ");
        try {
            return new ProcessStat(
                    line.substring(open + 1, close),
                    fields[0].charAt(0),
                    Integer.parseInt(fields[1]),
                    Long.parseLong(fields[6]),
                    Long.parseLong(fields[19]));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    public boolean isKernelThread() {
        return (flags & KERNEL_THREAD) != 0;
    }
}
