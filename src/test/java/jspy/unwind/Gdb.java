package jspy.unwind;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The frames of all threads of a process as gdb finds them. */
final class Gdb {
    /**
     * @param isWhole it came to a frame that nothing called
     * @param addresses leaf first; inlined and tail-called functions have no frame
     */
    record Stack(boolean isWhole, List<Long> addresses) {}

    /** {@code gdb.FRAME_UNWIND_OUTERMOST} */
    private static final String OUTERMOST = "2";

    private static final String SCRIPT =
            """
            import gdb
            for thread in gdb.selected_inferior().threads():
                thread.switch()
                frame = gdb.newest_frame()
                words = []
                last = None
                while frame is not None:
                    last = frame
                    if frame.type() in (gdb.NORMAL_FRAME, gdb.SIGTRAMP_FRAME):
                        words.append('%x' % frame.pc())
                    try:
                        frame = frame.older()
                    except gdb.error:
                        break
                print('STACK', thread.ptid[1], last.unwind_stop_reason(), *words)
            """;

    private Gdb() {}

    static boolean isHere() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "gdb")));
    }

    /** By thread id. */
    static Map<Integer, Stack> stacks(int pid, Path scratch) throws IOException {
        Path script = Files.writeString(scratch.resolve("stacks.py"), SCRIPT);
        Process gdb =
                new ProcessBuilder(
                                "gdb",
                                "-nx",
                                "-batch",
                                "-iex",
                                "set debuginfod enabled off",
                                "-iex",
                                "set index-cache enabled on",
                                "-iex",
                                "set sysroot /proc/%d/root".formatted(pid),
                                "-ex",
                                "set backtrace limit unlimited",
                                "-ex",
                                "set backtrace past-main on",
                                "-ex",
                                "set auto-load off",
                                "-p",
                                Integer.toString(pid),
                                "-x",
                                script.toString())
                        .redirectErrorStream(true)
                        .start();
        Map<Integer, Stack> stacks = new HashMap<>();
        List<String> other = new ArrayList<>();
        try (BufferedReader out = gdb.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                String[] words = line.split(" ");
                if (words[0].equals("STACK")) {
                    List<Long> addresses = new ArrayList<>();
                    for (int i = 3; i < words.length; i++) {
                        addresses.add(Long.parseUnsignedLong(words[i], 16));
                    }
                    boolean isWhole = words[2].equals(OUTERMOST);
                    stacks.put(Integer.parseInt(words[1]), new Stack(isWhole, addresses));
                } else {
                    other.add(line);
                }
            }
        }
        if (stacks.isEmpty()) {
            throw new IOException("gdb says: " + String.join("\n", other));
        }
        return stacks;
    }
}
