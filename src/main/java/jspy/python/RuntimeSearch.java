package jspy.python;

import jspy.layout.DebugOffsets;
import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.layout.PythonVersion;
import jspy.layout.UnsupportedPythonException;
import jspy.memory.TargetMemory;
import jspy.process.Mapping;
import jspy.process.MemoryMaps;
import jspy.process.Program;
import jspy.process.TargetProcess;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One look at all files of a process for an interpreter, and what it remembers to say why there was
 * none.
 */
final class RuntimeSearch {
    /** A process younger than this, and the time it is waited for, may still become a Python. */
    private static final double YOUNG_SECONDS = 1;

    /** {@code USER_HZ}: the unit of startTicks on every Linux. */
    private static final double TICKS_PER_SECOND = 100;

    /** Children that the message names. */
    private static final int MAX_NAMED = 3;

    /** Of {@code Py_REF_DEBUG}, which {@code --with-pydebug} sets. Objects/object.c */
    private static final List<String> DEBUG_SYMBOLS =
            List.of("_Py_RefTotal", "_Py_INCREF_IncRefTotal");

    /** Of {@code ob_type} behind {@code _PyObject_HEAD_EXTRA}. Include/object.h */
    private static final int TRACED_TYPE_OFFSET = 24;

    private final Program process;
    private final TargetMemory memory;
    private final Peek peek;
    private final boolean last;
    private final List<String> tried = new ArrayList<>();
    private boolean denied;
    private boolean notReady;
    private UnsupportedPythonException unsupported;

    /**
     * @param last whether it is time to be content with less: a version without its patch release
     */
    RuntimeSearch(Program process, TargetMemory memory, boolean last) {
        this.process = process;
        this.memory = memory;
        this.last = last;
        peek = new Peek(memory);
    }

    Optional<PythonRuntime> find() {
        try (Arena arena = Arena.ofConfined()) {
            MemoryMaps maps = process.maps();
            String executable = process.executable();
            for (Mapping mapping : PythonFiles.ordered(maps, executable)) {
                boolean likely = PythonFiles.isLikely(mapping, executable);
                Optional<PythonRuntime> found = look(maps, mapping, likely, arena);
                if (found.isPresent()) {
                    return found;
                }
            }
        } catch (AccessDeniedException e) {
            denied = true;
            tried.add(e.getFile() + " may not be read");
        } catch (IOException e) {
            tried.add(words(e));
        }
        return Optional.empty();
    }

    /** Whether it makes sense to look again. */
    boolean mayComeYet(long patienceNanos) {
        return process.isAlive() && !denied && (notReady || isYoung(patienceNanos));
    }

    /** Why nothing was found. */
    NoPythonException failure() {
        int pid = process.pid();
        if (!process.isAlive()) {
            return new NoPythonException(
                    NoPythonException.Reason.ENDED,
                    "process %d ended while its interpreter was looked for".formatted(pid),
                    "",
                    List.of());
        }
        if (denied) {
            return new NoPythonException(
                    NoPythonException.Reason.NOT_PERMITTED,
                    "process %d may not be looked at".formatted(pid),
                    "run jspy as the same user or with sudo",
                    tried);
        }
        if (notReady) {
            return new NoPythonException(
                    NoPythonException.Reason.NOT_READY,
                    "process %d holds a CPython in which nothing runs".formatted(pid),
                    "it may be starting or ending, or embed an interpreter that it has not"
                            + " started yet: try again when it runs Python code",
                    tried);
        }
        if (unsupported != null) {
            return new NoPythonException(
                    NoPythonException.Reason.UNSUPPORTED_VERSION,
                    "process %d: %s".formatted(pid, unsupported.getMessage()),
                    "",
                    List.of());
        }
        PythonKind kind = kind();
        return new NoPythonException(
                NoPythonException.Reason.NOT_PYTHON,
                kind.kind() == PythonKind.Kind.PYPY || kind.kind() == PythonKind.Kind.GRAALPY
                        ? "process %d is a %s, not a CPython; jspy reads CPython alone"
                                .formatted(pid, kind.title())
                        : "process %d is not a CPython: no file of it holds an interpreter"
                                .formatted(pid),
                remedy(),
                tried);
    }

    // internals

    /** A thread that is interrupted while it reads a file gets one without a message. */
    private static String words(IOException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private PythonKind kind() {
        try {
            return PythonKind.of(process.maps(), process.executable());
        } catch (IOException e) {
            return PythonKind.ofExecutable("");
        }
    }

    private String remedy() {
        List<PythonProcesses.Seen> started =
                process instanceof TargetProcess running
                        ? new PythonProcesses(running.proc()).startedBy(running.pid())
                        : List.of();
        if (started.isEmpty()) {
            return "give the pid of the python process itself: jspy list shows all";
        }
        StringBuilder text = new StringBuilder("it has started Python:");
        for (PythonProcesses.Seen seen : started.subList(0, Math.min(started.size(), MAX_NAMED))) {
            text.append(" use --pid %d (%s)".formatted(seen.process().pid(), seen.commandLine()));
        }
        return text.toString();
    }

    private Optional<PythonRuntime> look(
            MemoryMaps maps, Mapping mapping, boolean likely, Arena arena) {
        try {
            PythonFile file = PythonFile.open(process, memory, maps, mapping, arena);
            RuntimeScan scan = new RuntimeScan(memory, maps);
            Optional<PythonRuntime> candidate = candidate(file, scan, likely);
            return candidate.isPresent() && isGood(candidate.get(), mapping)
                    ? candidate
                    : Optional.empty();
        } catch (UnsupportedPythonException e) {
            unsupported = e;
            tried.add(mapping.path() + ": " + e.getMessage());
        } catch (IOException e) {
            if (likely) {
                tried.add(words(e));
            }
        }
        return Optional.empty();
    }

    private Optional<PythonRuntime> candidate(PythonFile file, RuntimeScan scan, boolean likely)
            throws IOException {
        OptionalLong address = file.address("_PyRuntime");
        String how = "symbol _PyRuntime";
        if (address.isEmpty()) {
            address = file.sectionAddress(".PyRuntime");
            how = "section .PyRuntime";
        }
        if (address.isEmpty() && likely) {
            address = scan.byCookie(file);
            how = "the cookie of its debug offsets";
        }
        if (address.isPresent() && peek.pointer(address.getAsLong()) == RuntimeScan.COOKIE) {
            return Optional.of(withDebugOffsets(file, address.getAsLong(), how));
        }
        if (address.isEmpty() && !likely) {
            return Optional.empty();
        }
        Optional<VersionFinder.Found> version = new VersionFinder(peek).find(file);
        if (version.isEmpty()) {
            // one that has the symbol writes its version when it is initialised
            notReady |= address.isPresent();
            tried.add(
                    file.mapping().path()
                            + (address.isPresent()
                                    ? " holds an interpreter that has not said its version"
                                    : " holds no interpreter"));
            return Optional.empty();
        }
        PythonVersion known = flavoured(version.get().version(), file);
        LayoutCatalog.requireKnownWithoutTable(known);
        Offsets offsets =
                tracesReferences(file)
                        ? LayoutCatalog.tracingReferences(known)
                        : LayoutCatalog.offsets(known);
        long headAt = offsets.runtime().interpretersHead();
        OptionalLong head =
                headAt == Offsets.ABSENT
                        ? file.address("interp_head") // before 3.7 there is no _PyRuntime
                        : address.isEmpty()
                                ? address
                                : OptionalLong.of(address.getAsLong() + headAt);
        if (head.isEmpty()) {
            head = scan.byInterpreter(file, offsets);
            how = "a search of its data";
        } else if (headAt == Offsets.ABSENT) {
            how = "symbol interp_head";
        }
        if (head.isEmpty()) {
            // where the version text is written the interpreter is about to be there
            notReady |= version.get().exact();
            tried.add(file.mapping().path() + " has no interpreter that could be found");
            return Optional.empty();
        }
        if (!version.get().exact() && !last) {
            notReady = true;
            return Optional.empty();
        }
        return Optional.of(
                new PythonRuntime(
                        known,
                        offsets,
                        headAt == Offsets.ABSENT ? 0 : head.getAsLong() - headAt,
                        head.getAsLong(),
                        file.mapping().path(),
                        how + ", version by " + version.get().how(),
                        false,
                        headAt == Offsets.ABSENT
                                ? staticGil(file)
                                : GilPlace.of(offsets, head.getAsLong() - headAt)));
    }

    /** A debug build counts all references, and its file names what counts them. */
    private static PythonVersion flavoured(PythonVersion version, PythonFile file)
            throws IOException {
        for (String symbol : DEBUG_SYMBOLS) {
            if (file.offers(symbol)) {
                return version.asDebugBuild();
            }
        }
        return version;
    }

    /**
     * Builds that trace references, up to 3.12, have two words before every object's head: {@code
     * type}, whose type is itself, tells. Their symbols are in no table that can be searched fast.
     */
    private boolean tracesReferences(PythonFile file) throws IOException {
        OptionalLong type = file.address("PyType_Type");
        return type.isPresent()
                && peek.pointer(type.getAsLong() + TRACED_TYPE_OFFSET) == type.getAsLong();
    }

    /**
     * Before 3.7 the GIL is a few variables; all but one are named in a whole symbol table only.
     */
    private static GilPlace staticGil(PythonFile file) throws IOException {
        OptionalLong current = file.address("_PyThreadState_Current");
        return current.isEmpty()
                ? new GilPlace.Nowhere()
                : new GilPlace.Statics(
                        current.getAsLong(),
                        file.address("gil_last_holder").orElse(0),
                        file.address("gil_switch_number").orElse(0));
    }

    private PythonRuntime withDebugOffsets(PythonFile file, long address, String how)
            throws IOException {
        byte[] copy = peek.bytes(address, DebugOffsets.MAX_BYTES);
        DebugOffsets table = DebugOffsets.read(MemorySegment.ofArray(copy));
        Offsets offsets = LayoutCatalog.offsets(table);
        return new PythonRuntime(
                flavoured(table.version(), file),
                offsets,
                address,
                address + offsets.runtime().interpretersHead(),
                file.mapping().path(),
                how + ", version by _Py_DebugOffsets",
                true);
    }

    private boolean isGood(PythonRuntime runtime, Mapping mapping) {
        boolean guessed = !LayoutCatalog.isKnown(runtime.version());
        String what =
                "%s: CPython %s, interpreters at 0x%x"
                        .formatted(
                                mapping.path(),
                                runtime.version(),
                                runtime.interpretersHeadAddress());
        return switch (new RuntimeCheck(peek, runtime)
                .check(runtime.interpretersHeadAddress(), guessed)) {
            case GOOD -> true;
            case EMPTY -> {
                notReady = true;
                tried.add(what + " has no interpreter with a thread");
                yield false;
            }
            case WRONG -> {
                notReady = true;
                tried.add(what + " has no thread that fits its layout");
                yield false;
            }
        };
    }

    private boolean isYoung(long patienceNanos) {
        if (!(process instanceof TargetProcess running)) {
            return false;
        }
        try {
            String uptime = running.proc().text("uptime").split(" ")[0];
            double started = running.startTicks() / TICKS_PER_SECOND;
            return Double.parseDouble(uptime) - started < YOUNG_SECONDS + patienceNanos / 1e9;
        } catch (IOException | NumberFormatException e) {
            return true;
        }
    }
}
