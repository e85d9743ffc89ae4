package jspy.process;

import java.util.HashMap;
import java.util.Map;

/**
 * The lines of {@code /proc/PID/status} that jspy asks for. A line that is missing or odd is -1 or
 * empty.
 */
public final class ProcessStatus {
    private final Map<String, String> lines = new HashMap<>();

    ProcessStatus(String text) {
        for (String line : text.split("\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                lines.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).trim());
            }
        }
    }

    /** The process that the thread belongs to. */
    public int threadGroup() {
        return (int) number("Tgid", 0, 10);
    }

    public int tracerPid() {
        return (int) number("TracerPid", 0, 10);
    }

    /** Real, effective, saved and file-system user id. */
    public int[] userIds() {
        return fourNumbers("Uid");
    }

    public int[] groupIds() {
        return fourNumbers("Gid");
    }

    /**
     * Ids in the namespaces from that of this /proc inwards; one number when there is none but
     * ours.
     */
    public int[] namespacedIds() {
        String value = lines.getOrDefault("NSpid", "");
        if (value.isEmpty()) {
            return new int[0];
        }
        String[] parts = value.split("\\s+");
        int[] ids = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            ids[i] = (int) number(parts[i], 10);
        }
        return ids;
    }

    public int threadCount() {
        return (int) number("Threads", 0, 10);
    }

    public boolean hasEffectiveCapability(int bit) {
        return (number("CapEff", 0, 16) >>> bit & 1) != 0;
    }

    /** Bit set of permitted capabilities. */
    public long permittedCapabilities() {
        return number("CapPrm", 0, 16);
    }

    /** Whether the process has a handler of its own for that signal. */
    public boolean catches(int signal) {
        return (number("SigCgt", 0, 16) >>> signal - 1 & 1) != 0;
    }

    public boolean isUnderSeccompFilter() {
        return number("Seccomp", 0, 10) == 2;
    }

    // internals

    private int[] fourNumbers(String key) {
        int[] numbers = new int[4];
        for (int i = 0; i < 4; i++) {
            numbers[i] = (int) number(key, i, 10);
        }
        return numbers;
    }

    private long number(String key, int index, int base) {
        String[] parts = lines.getOrDefault(key, "").split("\\s+");
        return index < parts.length ? number(parts[index], base) : -1;
    }

    private static long number(String text, int base) {
        try {
            return Long.parseUnsignedLong(text, base);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
