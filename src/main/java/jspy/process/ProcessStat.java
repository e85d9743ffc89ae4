package jspy.process;

import java.nio.charset.StandardCharsets;

/**
 * What {@code /proc/PID/stat} says once, on the cold path ({@link ThreadStates} has the hot one).
 *
 * @param startTicks clock ticks after boot at which it started: with the pid, the identity of a
 *     process
 * @param image tells one program image from the next: the addresses of code and stack, which an
 *     exec changes; 0 where they may not be read
 */
public record ProcessStat(
        String name, char state, int parentPid, long flags, long startTicks, long image) {
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
                    Long.parseLong(fields[19]),
                    image(fields));
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    /** {@code startcode}, {@code endcode}, {@code startstack}: fields 26 to 28 of stat, proc(5). */
    private static long image(String[] fields) {
        long image = 0;
        for (int field = 26; field <= 28; field++) {
            image = image * 31 + Long.parseUnsignedLong(fields[field - 3]);
        }
        return image;
    }

    public boolean isKernelThread() {
        return (flags & KERNEL_THREAD) != 0;
    }
}
