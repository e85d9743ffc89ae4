package jspy.unwind;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names of code that a program makes while it runs, in the file that it writes for perf: {@code
 * /tmp/perf-PID.map}, with lines of first address, size and name. Read again when it has grown. The
 * file is the target's: links are not followed, and sizes are bounded. One thread.
 */
final class PerfMap {
    private static final long MAX_BYTES = 256L << 20;
    private static final int MAX_NAMES = 1 << 21;
    private static final int MAX_LINE = 4096;

    private record Code(long end, String name) {}

    private final Path file;
    private final TreeMap<Long, Code> byStart = new TreeMap<>(Long::compareUnsigned);
    private long readBytes;

    PerfMap(Path file) {
        this.file = file;
    }

    /** The name of what holds the address. */
    Optional<String> name(long address) {
        Optional<String> found = look(address);
        return found.isPresent() || !hasGrown() ? found : look(address);
    }

    // internals

    private Optional<String> look(long address) {
        Map.Entry<Long, Code> found = byStart.floorEntry(address);
        return found == null || Long.compareUnsigned(address, found.getValue().end()) >= 0
                ? Optional.empty()
                : Optional.of(found.getValue().name());
    }

    /** Reads it, if there is more than before. */
    private boolean hasGrown() {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            long sizeBytes = Files.size(file);
            if (sizeBytes == readBytes || sizeBytes > MAX_BYTES) {
                return false;
            }
            readBytes = sizeBytes;
            byStart.clear();
            try (BufferedReader in =
                    new BufferedReader(
                            new InputStreamReader(
                                    Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS),
                                    StandardCharsets.UTF_8))) {
                in.lines().limit(MAX_NAMES).forEach(this::add);
            }
            return true;
        } catch (IOException | java.io.UncheckedIOException e) {
            return false; // as if it were not there
        }
    }

    /** A later line is about newer code; a line that is being written has no end yet. */
    private void add(String line) {
        String[] words = line.length() > MAX_LINE ? new String[0] : line.split(" ", 3);
        if (words.length < 3) {
            return;
        }
        try {
            long start = Long.parseUnsignedLong(words[0].replaceFirst("^0x", ""), 16);
            long sizeBytes = Long.parseUnsignedLong(words[1].replaceFirst("^0x", ""), 16);
            byStart.put(start, new Code(start + sizeBytes, words[2]));
        } catch (NumberFormatException e) {
            // not such a line
        }
    }
}
