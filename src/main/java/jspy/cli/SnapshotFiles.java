package jspy.cli;

import jspy.layout.DebugOffsets;
import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.layout.PythonVersion;
import jspy.layout.UnsupportedPythonException;
import jspy.memory.TargetMemory;
import jspy.profile.Frame;
import jspy.python.GilPlace;
import jspy.python.PythonRuntime;
import jspy.sample.Attachment;
import jspy.sample.ReadMode;
import jspy.sample.Replay;
import jspy.sample.StackDump;
import jspy.sample.Version;
import jspy.snapshot.MemoryImage;
import jspy.snapshot.RecordingMemory;
import jspy.snapshot.Snapshot;
import jspy.snapshot.SnapshotMemory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/** From a process to its snapshot, and from a snapshot to what can be dumped again. */
public final class SnapshotFiles {
    /** A snapshot that shows less than the process did is taken again so often. */
    private static final int MAX_TRIES = 20;

    private static final long PAUSE_NANOS = 1_000_000;

    private SnapshotFiles() {}

    /**
     * A process, read once.
     *
     * @param snapshot proved when the dump is, and dumping it again gives the same
     */
    public record Captured(Snapshot snapshot, StackDump dump) {}

    /** As {@link #capture(Attachment, UnaryOperator, int)}, without variables. */
    public static Captured capture(Attachment attachment, UnaryOperator<String> shorten)
            throws IOException {
        return capture(attachment, shorten, 0);
    }

    /**
     * Reads a process and keeps what was read. What it gives has been replayed and shows what the
     * process showed, unless the process could not be read at one moment.
     *
     * @param localChars longest text of a variable's value; 0: the snapshot has no variables
     * @return null when the process ended
     */
    public static Captured capture(
            Attachment attachment, UnaryOperator<String> shorten, int localChars)
            throws IOException {
        for (int tries = 1; ; tries++) {
            Captured captured = captureOnce(attachment, shorten, localChars);
            if (captured == null || captured.snapshot().proved() || tries == MAX_TRIES) {
                return captured;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /**
     * What can be dumped of a snapshot.
     *
     * @throws UnsupportedPythonException when its interpreter is none that this jspy knows, or what
     *     it says of itself cannot be true
     */
    public static Replay replay(Snapshot snapshot) {
        SnapshotMemory memory = new SnapshotMemory(snapshot.memory());
        Map<Long, Replay.KnownThread> threads = new HashMap<>();
        for (Snapshot.ThreadFacts thread : snapshot.threads()) {
            threads.put(thread.ident(), new Replay.KnownThread(thread.hostId(), thread.active()));
        }
        return new Replay(
                runtime(snapshot.interpreter()), memory::again, threads, snapshot.proved());
    }

    /** File names as they were shown where the process ran. */
    public static UnaryOperator<String> shortNames(Snapshot snapshot) {
        Map<String, String> names = new HashMap<>();
        snapshot.fileNames().forEach(name -> names.put(name.file(), name.shown()));
        return file -> names.getOrDefault(file, file);
    }

    // internals

    private static Captured captureOnce(
            Attachment attachment, UnaryOperator<String> shorten, int localChars)
            throws IOException {
        RecordingMemory stacks = new RecordingMemory(attachment.memory());
        RecordingMemory names = new RecordingMemory(attachment.memory());
        StackDump dump = attachment.dump(ReadMode.OWN_CORE, shorten, localChars, stacks, names);
        if (dump == null) {
            return null;
        }
        MemoryImage.Builder image = new MemoryImage.Builder();
        image.putAll(names.image());
        image.putAll(stacks.image()); // where both read, what is of the stacks' moment counts
        boolean whole = !stacks.isFull() && !names.isFull() && !image.isFull();
        Snapshot snapshot = snapshot(attachment, dump, image.build(), dump.proved() && whole);
        StackDump again = replay(snapshot).dump(shorten, localChars);
        boolean same = dump.equals(again);
        return new Captured(
                same || !snapshot.proved()
                        ? snapshot
                        : snapshot(attachment, dump, snapshot.memory(), false),
                dump);
    }

    private static Snapshot snapshot(
            Attachment attachment, StackDump dump, MemoryImage image, boolean proved)
            throws IOException {
        PythonRuntime runtime = attachment.runtime();
        PythonVersion version = runtime.version();
        List<String> commandLine = attachment.process().commandLine();
        return new Snapshot(
                Version.NUMBER,
                platform(),
                attachment.process().pid(),
                commandLine.subList(0, Math.min(commandLine.size(), Snapshot.MAX_ARGUMENTS)),
                attachment.process().executable(),
                new Snapshot.Interpreter(
                        version.hex(),
                        version.freeThreaded(),
                        version.debug(),
                        runtime.debugOffsets()
                                ? bytes(attachment.memory(), runtime.runtimeAddress())
                                : new byte[0],
                        runtime.gil() instanceof GilPlace.Statics gil
                                ? gil.current()
                                : runtime.runtimeAddress(),
                        runtime.interpretersHeadAddress(),
                        runtime.file(),
                        runtime.foundBy()),
                proved,
                dump.threads().stream()
                        .map(t -> new Snapshot.ThreadFacts(t.ident(), t.hostThreadId(), t.active()))
                        .toList(),
                fileNames(dump),
                image);
    }

    private static byte[] bytes(TargetMemory memory, long address) throws IOException {
        byte[] bytes = new byte[DebugOffsets.MAX_BYTES];
        MemorySegment buffer = Arena.ofAuto().allocate(bytes.length, 8);
        if (memory.read(address, buffer, 0, bytes.length) < bytes.length) {
            throw new IOException("_Py_DebugOffsets at 0x%x cannot be read".formatted(address));
        }
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, 0, bytes.length);
        return bytes;
    }

    private static List<Snapshot.FileName> fileNames(StackDump dump) {
        Map<String, String> names = new TreeMap<>();
        for (StackDump.ThreadDump thread : dump.threads()) {
            for (Frame frame : thread.frames()) {
                if (!frame.isMark()) {
                    names.put(frame.file(), frame.shortFile());
                }
            }
        }
        return names.entrySet().stream()
                .limit(Snapshot.MAX_FILE_NAMES)
                .map(name -> new Snapshot.FileName(name.getKey(), name.getValue()))
                .toList();
    }

    private static PythonRuntime runtime(Snapshot.Interpreter interpreter) {
        PythonVersion version =
                PythonVersion.fromHex(
                        interpreter.versionHex(), interpreter.freeThreaded(), interpreter.debug());
        boolean hasTable = interpreter.debugOffsets().length > 0;
        Offsets offsets =
                hasTable
                        ? LayoutCatalog.offsets(
                                DebugOffsets.read(
                                        MemorySegment.ofArray(interpreter.debugOffsets())))
                        : LayoutCatalog.offsets(version);
        boolean hasRuntime = offsets.runtime().interpretersHead() != Offsets.ABSENT;
        long address = interpreter.runtimeAddress();
        return new PythonRuntime(
                version,
                offsets,
                hasRuntime ? address : 0,
                interpreter.interpretersHeadAddress(),
                interpreter.file(),
                interpreter.foundBy(),
                hasTable,
                hasRuntime || address == 0
                        ? GilPlace.of(offsets, address)
                        : new GilPlace.Statics(address, 0, 0));
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch");
        return os + "-" + (machine.equals("amd64") ? "x86_64" : machine);
    }
}
