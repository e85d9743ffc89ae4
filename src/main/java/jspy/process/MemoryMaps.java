package jspy.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is mapped where in a process at one moment: {@code /proc/PID/maps}, in ascending order.
 * Immutable.
 */
public final class MemoryMaps {
    private final List<Mapping> mappings;

    private MemoryMaps(List<Mapping> mappings) {
        this.mappings = List.copyOf(mappings);
    }

    public static MemoryMaps read(ProcFiles proc, int pid) throws IOException {
        return parse(proc.read(pid, "maps"));
    }

    /** A line that is not one of maps' (a tree that only looks like /proc) is left out. */
    public static MemoryMaps parse(byte[] text) {
        List<Mapping> mappings = new ArrayList<>(text.length / 80 + 1);
        Line line = new Line(text);
        while (line.next()) {
            Mapping mapping = line.mappingOrNull();
            if (mapping != null) {
                mappings.add(mapping);
            }
        }
        return new MemoryMaps(mappings);
    }

    /** Of something that is no process: a core file. Ascending. */
    static MemoryMaps of(List<Mapping> mappings) {
        return new MemoryMaps(mappings);
    }

    public List<Mapping> list() {
        return mappings;
    }

    /** The mapping that holds the address. */
    public Optional<Mapping> at(long address) {
        int low = 0;
        int high = mappings.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Mapping mapping = mappings.get(middle);
            if (mapping.contains(address)) {
                return Optional.of(mapping);
            }
            if (Long.compareUnsigned(address, mapping.start()) < 0) {
                high = middle - 1;
            } else {
                low = middle + 1;
            }
        }
        return Optional.empty();
    }

    /**
     * Each mapped file once: the lowest mapping of where it is loaded, by which the load bias is
     * found. A file that was also mapped to be read counts where it can be executed.
     */
    public List<Mapping> files() {
        Map<FileKey, Loading> loadings = new LinkedHashMap<>();
        for (Mapping mapping : mappings) {
            if (mapping.isFile()) {
                FileKey key = new FileKey(mapping.device(), mapping.inode(), mapping.path());
                Loading loading = loadings.get(key);
                if (loading == null) {
                    loading = new Loading();
                    loadings.put(key, loading);
                }
                loading.add(mapping);
            }
        }
        List<Mapping> first = new ArrayList<>(loadings.size());
        for (Loading loading : loadings.values()) {
            first.add(loading.first);
        }
        return first;
    }

    /** All mappings of the file that {@code mapping} is one of. */
    public List<Mapping> of(Mapping mapping) {
        return mappings.stream().filter(mapping::isSameFileAs).toList();
    }

    // internals

    /** Not a record, and no lambdas here: the first ones of a JVM cost 10 ms, at every attach. */
    private static final class FileKey {
        private final long device;
        private final long inode;
        private final String path;

        FileKey(long device, long inode, String path) {
            this.device = device;
            this.inode = inode;
            this.path = path;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FileKey key
                    && key.inode == inode
                    && key.device == device
                    && key.path.equals(path);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(inode) * 31 + Long.hashCode(device);
        }
    }

    /**
     * Follows the mappings of one file, which start anew with offset 0 for each time that it was
     * mapped.
     */
    private static final class Loading {
        private Mapping first;
        private Mapping last;
        private boolean isExecutable;

        void add(Mapping mapping) {
            boolean isAnother =
                    first != null && mapping.offset() == 0 && mapping.start() != last.end();
            if (first == null || (isAnother && !isExecutable)) {
                first = mapping;
            }
            last = mapping;
            isExecutable |= mapping.isExecutable();
        }
    }

    /**
     * A cursor over the text, one line at a time. {@code start-end perms offset major:minor inode
     * path}.
     */
    private static final class Line {
        private final byte[] text;
        private int at;
        private int end;
        private int nextLine;
        private boolean isGood;

        Line(byte[] text) {
            this.text = text;
        }

        boolean next() {
            at = nextLine;
            if (at >= text.length) {
                return false;
            }
            end = at;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            nextLine = end + 1;
            return true;
        }

        Mapping mappingOrNull() {
            isGood = true;
            long start = number(16, '-');
            long stop = number(16, ' ');
            int permissions = permissions();
            long offset = number(16, ' ');
            long major = number(16, ':');
            long minor = number(16, ' ');
            long inode = number(10, ' ');
            while (at < end && text[at] == ' ') {
                at++;
            }
            String path = at >= end ? "" : new String(text, at, end - at, StandardCharsets.UTF_8);
            if (!isGood || Long.compareUnsigned(start, stop) >= 0) {
                return null;
            }
            return new Mapping(start, stop, permissions, offset, major << 32 | minor, inode, path);
        }

        private long number(int base, char terminator) {
            long value = 0;
            int from = at;
            while (at < end && text[at] != terminator) {
                int digit = Character.digit(text[at++], base);
                isGood &= digit >= 0;
                value = value * base + digit;
            }
            isGood &= at > from && at - from <= 20;
            at++;
            return value;
        }

        private int permissions() {
            if (at + 5 > end) {
                isGood = false;
                return 0;
            }
            int permissions =
                    (text[at] == 'r' ? Mapping.READ : 0)
                            | (text[at + 1] == 'w' ? Mapping.WRITE : 0)
                            | (text[at + 2] == 'x' ? Mapping.EXECUTE : 0)
                            | (text[at + 3] == 's' ? Mapping.SHARED : 0);
            at += 5;
            return permissions;
        }
    }
}
