package jspy.snapshot;

import java.util.Arrays;
import java.util.List;

/**
 * A process as one reading of its stacks saw it: all that is needed to read them again without it.
 *
 * @param jspyVersion what captured it
 * @param platform of the process: {@code linux-x86_64}
 * @param pid on the machine where it ran
 * @param commandLine program and arguments
 * @param executable path of the program
 * @param proved whether all stacks are of one moment
 * @param threads what the system knew of each thread
 * @param fileNames how files of the target are shown: that depends on the disk where it ran
 * @param memory what was read of it
 */
public record Snapshot(
        String jspyVersion,
        String platform,
        int pid,
        List<String> commandLine,
        String executable,
        Interpreter interpreter,
        boolean proved,
        List<ThreadFacts> threads,
        List<FileName> fileNames,
        MemoryImage memory) {

    public static final int MAX_THREADS = 1 << 16;
    public static final int MAX_ARGUMENTS = 1 << 16;
    public static final int MAX_FILE_NAMES = 1 << 16;

    /** Bytes of one text in UTF-8. */
    public static final int MAX_TEXT_BYTES = 1 << 20;

    public static final int MAX_DEBUG_OFFSETS_BYTES = 1 << 16;

    public Snapshot {
        commandLine = List.copyOf(commandLine);
        threads = List.copyOf(threads);
        fileNames = List.copyOf(fileNames);
        if (commandLine.size() > MAX_ARGUMENTS
                || threads.size() > MAX_THREADS
                || fileNames.size() > MAX_FILE_NAMES) {
            throw new IllegalArgumentException(
                    "too large for a snapshot: %d arguments, %d threads, %d file names"
                            .formatted(commandLine.size(), threads.size(), fileNames.size()));
        }
    }

    /**
     * The interpreter, as it was found.
     *
     * @param versionHex {@code PY_VERSION_HEX}
     * @param debugOffsets the bytes of {@code _Py_DebugOffsets}; none when the version's layout was
     *     used instead
     * @param runtimeAddress of {@code _PyRuntime}; up to 3.6, which has none, of {@code
     *     _PyThreadState_Current}
     * @param interpretersHeadAddress of the word that points to the newest interpreter
     * @param file the mapped file that holds it
     * @param foundBy how, for people
     */
    public record Interpreter(
            int versionHex,
            boolean freeThreaded,
            boolean debug,
            byte[] debugOffsets,
            long runtimeAddress,
            long interpretersHeadAddress,
            String file,
            String foundBy) {

        @Override
        public boolean equals(Object other) {
            return other instanceof Interpreter its
                    && versionHex == its.versionHex
                    && freeThreaded == its.freeThreaded
                    && debug == its.debug
                    && Arrays.equals(debugOffsets, its.debugOffsets)
                    && runtimeAddress == its.runtimeAddress
                    && interpretersHeadAddress == its.interpretersHeadAddress
                    && file.equals(its.file)
                    && foundBy.equals(its.foundBy);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(runtimeAddress) * 31 + versionHex;
        }
    }

    /**
     * A thread, as the system knew it. Its name is in the memory, where Python keeps it.
     *
     * @param ident Python's, a {@code pthread_t}
     * @param hostId the thread's id on the machine where it ran; 0 when it was not known
     * @param active on a CPU, or waiting for one
     */
    public record ThreadFacts(long ident, long hostId, boolean active) {}

    /**
     * @param file as CPython says it
     * @param shown without the folders that are no packages
     */
    public record FileName(String file, String shown) {}
}
