package jspy.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Tables cut out of real binaries, against the layouts of the same versions' headers. */
class DebugOffsetsTest {
    static final Path FOLDER = LayoutJson.FOLDER.resolve("debugoffsets");

    @ParameterizedTest
    @MethodSource("tables")
    void agreesWithTheHeadersOfItsVersion(Path file) throws IOException {
        DebugOffsets found = DebugOffsets.read(copy(file));

        String name = file.getFileName().toString().replace(".bin", "");
        assertEquals(name.substring(0, name.indexOf('-')), found.version().toString());
        assertEquals(List.of(), differences(found, LayoutJson.of(name)), name);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void everyWordOfTheTableHasAName(Path file) throws IOException {
        MemorySegment copy = copy(file);

        // Cookie, version and free_threaded besides.
        assertEquals(copy.byteSize() / 8 - 3, DebugOffsets.read(copy).fields().size());
        assertTrue(copy.byteSize() <= DebugOffsets.MAX_BYTES);
    }

    @ParameterizedTest
    @MethodSource("tables")
    void offsetsAreThoseOfTheTargetsOwnHeaders(Path file) throws IOException {
        DebugOffsets found = DebugOffsets.read(copy(file));
        LayoutJson json = LayoutJson.of(file.getFileName().toString().replace(".bin", ""));

        Offsets offsets = LayoutCatalog.offsets(found);

        assertEquals(
                json.offset("PyInterpreterState.threads.head"),
                offsets.interpreter().threadsHead());
        assertEquals(
                json.offset("PyInterpreterState.imports.modules"), offsets.interpreter().modules());
        assertEquals(
                json.offset("PyInterpreterState.gc.collecting"),
                offsets.interpreter().gcCollecting());
        assertEquals(json.offset("PyThreadState.current_frame"), offsets.thread().top());
        assertEquals(json.offset("PyThreadState.datastack_top"), offsets.thread().datastackTop());
        assertEquals(json.offset("PyThreadState.exc_info"), offsets.thread().excInfo());
        assertEquals(json.offset("PyThreadState.state"), offsets.thread().state());
        assertEquals(
                json.offset("struct _gil_runtime_state.last_holder"), offsets.gil().lastHolder());
        assertEquals(json.offset("struct _gil_runtime_state.locked"), offsets.gil().locked());
        assertEquals(
                json.offset("struct _gil_runtime_state.switch_number"),
                offsets.gil().switchNumber());
        assertEquals(json.offset("_PyInterpreterFrame.localsplus"), offsets.frame().localsplus());
        assertEquals(json.offset("PyCodeObject.co_code_adaptive"), offsets.code().codeAdaptive());
        assertEquals(json.offset("PyVarObject.ob_size"), offsets.objects().varSize());
        assertEquals(json.offset("PyTypeObject.tp_basicsize"), offsets.objects().typeBasicSize());
        assertEquals(json.sizes().get("PyASCIIObject"), offsets.objects().asciiData());
        assertEquals(json.offset("PyTupleObject.ob_item"), offsets.objects().tupleItems());
    }

    /** All that is not told lies where the newest headers of the minor version have it. */
    @ParameterizedTest
    @MethodSource("tables")
    void offsetsAreThoseOfTheTargetsOwnHeadersInFull(Path file) throws IOException {
        LayoutJson json = LayoutJson.of(file.getFileName().toString().replace(".bin", ""));

        assertEquals(json.flattened(), LayoutCatalog.offsets(DebugOffsets.read(copy(file))));
    }

    /**
     * No free-threaded binary can be had from a package: a table made of what its headers say
     * stands for one.
     */
    @ParameterizedTest
    @ValueSource(strings = {"3.13.18t", "3.14.10t", "3.15.2t"})
    void freeThreadedTableMadeOfHeaders(String python) {
        LayoutJson json = LayoutJson.of(python + "-linux-x86_64");
        StructTable shape = LayoutCatalog.table(json.version());
        MemorySegment made = MemorySegment.ofArray(new byte[(int) shape.size("_Py_DebugOffsets")]);
        PythonVersion version = json.version();
        made.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 0x7970_6775_6265_6478L);
        made.set(
                ValueLayout.JAVA_LONG_UNALIGNED,
                8,
                0x0300_00f0L | version.minor() << 16 | version.patch() << 8);
        made.set(ValueLayout.JAVA_LONG_UNALIGNED, 16, 1);
        shape.fields()
                .forEach(
                        (name, field) -> {
                            String told = name.replace("_Py_DebugOffsets.", "");
                            if (!told.equals(name) && told.contains(".")) {
                                Long value = known(told, json);
                                made.set(
                                        ValueLayout.JAVA_LONG_UNALIGNED,
                                        field.offset(),
                                        value == null ? 8 : value);
                            }
                        });

        DebugOffsets found = DebugOffsets.read(made);

        assertTrue(found.freeThreaded());
        assertEquals(python, found.version().toString());
        assertEquals(json.flattened(), LayoutCatalog.offsets(found));
    }

    @Test
    void offsetsMoveInsideAMinorVersion() throws IOException {
        Offsets older = LayoutCatalog.offsets(read("3.14.3-linux-x86_64"));
        Offsets newer = LayoutCatalog.offsets(read("3.14.10-linux-x86_64"));

        assertEquals(7664, older.interpreter().modules());
        assertEquals(7688, newer.interpreter().modules());
        assertNotEquals(older, LayoutCatalog.offsets(PythonVersion.of(3, 14, 3)));
    }

    @Test
    void fieldsOfFreeThreadedBuildsAreAbsentElsewhere() throws IOException {
        DebugOffsets found = read("3.15.2-linux-x86_64");

        assertFalse(found.freeThreaded());
        assertEquals(0, found.get("code_object.co_tlbc"));
        Offsets offsets = LayoutCatalog.offsets(found);
        assertEquals(Offsets.ABSENT, offsets.code().tlbc());
        assertEquals(Offsets.ABSENT, offsets.frame().tlbcIndex());
        assertEquals(Offsets.ABSENT, offsets.interpreter().tlbcGeneration());
    }

    @Test
    void neighboursOfMovedFieldsMoveWithThem() throws IOException {
        MemorySegment copy = copy(FOLDER.resolve("3.15.2-linux-x86_64.bin"));
        StructTable shape = LayoutCatalog.table(PythonVersion.of(3, 15, 2));
        long chunkAt = shape.offset("_Py_DebugOffsets.thread_state.datastack_chunk");
        long exceptionAt = shape.offset("_Py_DebugOffsets.thread_state.current_exception");
        copy.set(ValueLayout.JAVA_LONG_UNALIGNED, chunkAt, 320);
        copy.set(ValueLayout.JAVA_LONG_UNALIGNED, exceptionAt, 152);

        Offsets.Thread thread = LayoutCatalog.offsets(DebugOffsets.read(copy)).thread();

        assertEquals(320, thread.datastackChunk());
        assertEquals(328, thread.datastackTop());
        assertEquals(160, thread.excInfo());
        assertEquals(336, thread.size());
    }

    @Test
    void unknownMinorIsReadInTheNewestShape() throws IOException {
        MemorySegment copy = copy(FOLDER.resolve("3.15.2-linux-x86_64.bin"));
        copy.set(ValueLayout.JAVA_LONG_UNALIGNED, 8, 0x03_10_00_f0L);

        DebugOffsets found = DebugOffsets.read(copy);

        assertEquals(PythonVersion.of(3, 16, 0), found.version());
        assertFalse(LayoutCatalog.isKnown(found.version()));
        assertEquals(
                LayoutCatalog.offsets(read("3.15.2-linux-x86_64")), LayoutCatalog.offsets(found));
    }

    @Test
    void readsAtAnyAlignment() throws IOException {
        byte[] table = Files.readAllBytes(FOLDER.resolve("3.13.0-linux-x86_64.bin"));
        byte[] shifted = new byte[DebugOffsets.MAX_BYTES + 3];
        System.arraycopy(table, 0, shifted, 3, table.length);

        DebugOffsets found = DebugOffsets.read(MemorySegment.ofArray(shifted).asSlice(3));

        assertEquals(read("3.13.0-linux-x86_64").fields(), found.fields());
    }

    @Test
    void cookieIsAskedBeforeAnythingElse() {
        assertFalse(DebugOffsets.isAt(MemorySegment.ofArray(new byte[0])));
        assertFalse(DebugOffsets.isAt(MemorySegment.ofArray(new byte[888])));
        assertTrue(DebugOffsets.isAt(MemorySegment.ofArray("xdebugpy".getBytes())));
        assertRefused(new byte[888], "cookie");
        assertRefused("xdebugpy".getBytes(), "cookie");
    }

    @Test
    void refusalsSayWhatIsWrong() throws IOException {
        byte[] table = Files.readAllBytes(FOLDER.resolve("3.14.10-linux-x86_64.bin"));
        StructTable shape = LayoutCatalog.table(PythonVersion.of(3, 14, 10));

        assertRefused(Arrays.copyOf(table, 759), "has 760 bytes, only 759");
        assertRefused(with(table, 8, 0x0209_00f0), "version word 0x20900f0");
        assertRefused(with(table, 8, 0x030c_00f0), "version word");
        assertRefused(with(table, 8, 0x030e_0a10), "version word");
        assertRefused(with(table, 16, 2), "free_threaded 0x2");
        refusedField(table, shape, "thread_state.size", 0, "a struct has a size");
        refusedField(table, shape, "thread_state.size", 1L << 40, "outside");
        refusedField(table, shape, "thread_state.next", -8, "outside");
        refusedField(table, shape, "thread_state.next", 832, "outside");
        refusedField(table, shape, "thread_state.next", 828, "not aligned to 8");
        refusedField(table, shape, "thread_state.native_thread_id", 161, "not aligned to 4");
        refusedField(table, shape, "interpreter_state.gil_runtime_state_holder", 0, "the GIL");
        refusedField(table, shape, "gc.size", 300_000, "the interpreter");
    }

    /** Where the table and the layout differ; empty when they agree. */
    static List<String> differences(DebugOffsets found, LayoutJson json) {
        return found.fields().entrySet().stream()
                .filter(entry -> told(entry.getKey(), found))
                .filter(entry -> !entry.getValue().equals(known(entry.getKey(), json)))
                .map(entry -> entry + " but in the headers " + known(entry.getKey(), json))
                .toList();
    }

    // internals

    private static boolean told(String name, DebugOffsets found) {
        // What a debugger may write to is no layout of jspy's; llist_node and what only
        // free-threaded builds have.
        return !name.startsWith("debugger_support.")
                && !name.startsWith("llist_node.")
                && !name.startsWith("gc.generation_stats")
                && (found.freeThreaded()
                        || !Map.of(
                                        "interpreter_state.tlbc_generation", 0,
                                        "interpreter_state.gil_runtime_state_enabled", 0,
                                        "interpreter_frame.tlbc_index", 0,
                                        "code_object.co_tlbc", 0)
                                .containsKey(name));
    }

    private static Long known(String name, LayoutJson json) {
        String inLayout = DebugOffsetsNames.layoutName(name);
        return DebugOffsetsNames.isSize(name) ? json.sizes().get(inLayout) : json.offset(inLayout);
    }

    private static void refusedField(
            byte[] table, StructTable shape, String name, long value, String why) {
        int at = (int) shape.offset("_Py_DebugOffsets." + name);
        assertTrue(at > 0, name);
        assertRefused(with(table, at, value), why);
    }

    private static void assertRefused(byte[] table, String why) {
        UnsupportedPythonException refused =
                assertThrows(
                        UnsupportedPythonException.class,
                        () -> DebugOffsets.read(MemorySegment.ofArray(table)));
        assertTrue(refused.getMessage().contains(why), refused.getMessage());
    }

    private static byte[] with(byte[] table, int at, long value) {
        byte[] changed = table.clone();
        MemorySegment.ofArray(changed).set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        return changed;
    }

    static Stream<Path> tables() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".bin"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    static MemorySegment copy(Path file) throws IOException {
        return MemorySegment.ofArray(Files.readAllBytes(file));
    }

    private static DebugOffsets read(String name) throws IOException {
        return DebugOffsets.read(copy(FOLDER.resolve(name + ".bin")));
    }
}
