package jspy.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What jspy's streams are connected to, asked of {@code /proc}; nothing is a terminal elsewhere.
 */
final class Terminal {
    static final int OUT = 1;
    static final int ERR = 2;

    /** Fields of {@code /proc/PID/stat} behind the name, proc(5): pgrp and tpgid. */
    private static final int GROUP_FIELD = 2;

    private static final int FOREGROUND_FIELD = 5;

    private Terminal() {}

    static boolean is(int descriptor) {
        try {
            Path link = Path.of("/proc/self/fd/" + descriptor);
            String device = Files.readSymbolicLink(link).toString();
            return device.startsWith("/dev/pts/")
                    || device.startsWith("/dev/tty")
                    || device.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether somebody else reads it, who may go away at any time. */
    static boolean isPipe(int descriptor) {
        try {
            String link = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return link.startsWith("pipe:") || link.startsWith("socket:");
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Whether keys such as Ctrl-C reach jspy: then they have also reached what it started, which is
     * of the same process group.
     */
    static boolean sendsKeys() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[GROUP_FIELD].equals(fields[FOREGROUND_FIELD]);
        } catch (IOException e) {
            return false;
        }
    }
}
