package jspy.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The command that is this very one with the flags that suit a profiler: Linux lets a process
 * become another program, so {@code java -jar jspy.jar} can have them without a second process. A
 * default virtual machine takes twice the memory, and compiles for seconds what runs well at once.
 *
 * <p>Whoever gives Java a flag of their own is left alone.
 */
final class Restart {
    private static final Path COMMAND_LINE = Paths.get("/proc/self/cmdline");

    private Restart() {}

    /** The path of this Java; as the kernel wants it, without the zero at its end. */
    static byte[] java() {
        String home = System.getProperty("java.home");
        return Paths.get(home, "bin", "java").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The new command; null where nothing is to be gained, or nothing can be known. */
    static byte[][] command(String[] args) {
        try {
            return command(Files.readAllBytes(COMMAND_LINE), args);
        } catch (IOException notLinux) {
            return null;
        }
    }

    /**
     * @param line words with a zero behind each, in whatever encoding they are
     */
    static byte[][] command(byte[] line, String[] args) {
        List<byte[]> words = words(line);
        if (!isLong(args)
                || words.size() != 3 + args.length
                || !Arrays.equals(words.get(1), ascii("-jar"))) {
            return null;
        }
        List<byte[]> command = new ArrayList<>();
        command.add(words.get(0));
        for (String flag : Handover.flags(args)) {
            command.add(ascii(flag));
        }
        for (String flag : Handover.moreFlags()) {
            command.add(flag.getBytes(StandardCharsets.UTF_8));
        }
        command.addAll(words.subList(1, words.size()));
        return command.toArray(new byte[0][]);
    }

    // internals

    /** A start costs a tenth of a second: what is over at once goes on as it is. */
    private static boolean isLong(String[] args) {
        String command = args.length == 0 ? "" : args[0];
        return !command.isEmpty() && ("record".startsWith(command) || "top".startsWith(command));
    }

    private static List<byte[]> words(byte[] line) {
        List<byte[]> words = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < line.length; i++) {
            if (line[i] == 0) {
                words.add(Arrays.copyOfRange(line, from, i));
                from = i + 1;
            }
        }
        return words;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
