package jspy.layout;

import static jspy.layout.Offsets.ABSENT;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The catalog against offsets that were measured on real interpreters, with other tools. */
class LayoutCatalogTest {
    @ParameterizedTest
    @CsvSource({
        // minor, threads head, modules, top, thread id, native id, chunk, gil in runtime, pointer
        "3, 8, 16, 16, 144, -1, -1, -1, -1",
        "4, 8, 16, 24, 152, -1, -1, -1, -1",
        "5, 8, 16, 24, 152, -1, -1, -1, -1",
        "6, 8, 16, 24, 152, -1, -1, -1, -1",
        "7, 8, 40, 24, 176, -1, -1, 1264, -1",
        "8, 8, 56, 24, 176, -1, -1, 1152, -1",
        "9, 8, 856, 24, 176, -1, -1, 352, -1",
        "10, 8, 856, 24, 176, -1, -1, 352, -1",
        "11, 16, 888, 56, 152, 160, 296, 360, -1",
        "12, 72, 944, 56, 136, 144, 232, -1, 384",
        "13, 7344, 7656, 72, 152, 160, 232, -1, 16",
        "14, 7344, 7688, 72, 152, 160, 232, -1, 16",
        "15, 7336, 7592, 72, 176, 184, 256, -1, 16",
    })
    void threadsAndGil(
            int minor,
            long head,
            long modules,
            long top,
            long threadId,
            long nativeId,
            long chunk,
            long gil,
            long gilPointer) {
        Offsets offsets = LayoutCatalog.offsets(PythonVersion.of(3, minor, 9));

        assertEquals(head, offsets.interpreter().threadsHead());
        assertEquals(modules, offsets.interpreter().modules());
        assertEquals(top, offsets.thread().top());
        assertEquals(threadId, offsets.thread().threadId());
        assertEquals(nativeId, offsets.thread().nativeThreadId());
        assertEquals(chunk, offsets.thread().datastackChunk());
        assertEquals(chunk < 0 ? ABSENT : chunk + 8, offsets.thread().datastackTop());
        assertEquals(gil, offsets.runtime().gil());
        assertEquals(gilPointer, offsets.interpreter().gilPointer());
        assertEquals(minor < 7 ? ABSENT : 8, offsets.gil().lastHolder());
        assertEquals(minor < 7 ? ABSENT : 16, offsets.gil().locked());
        assertEquals(minor < 7 ? ABSENT : 24, offsets.gil().switchNumber());
    }

    @ParameterizedTest
    @CsvSource({
        // minor, frame size, previous, code, instruction, owner, shim, mask, cframe
        "3, 376, 24, 32, 120, -1, -1, 0, -1",
        "4, 376, 24, 32, 120, -1, -1, 0, -1",
        "5, 376, 24, 32, 120, -1, -1, 0, -1",
        "6, 376, 24, 32, 120, -1, -1, 0, -1",
        "7, 360, 24, 32, 104, -1, -1, 0, -1",
        "8, 360, 24, 32, 104, -1, -1, 0, -1",
        "9, 360, 24, 32, 104, -1, -1, 0, -1",
        "10, 352, 24, 32, 96, -1, -1, 0, -1",
        "11, 72, 48, 32, 56, 69, -1, 0, 8",
        "12, 72, 8, 0, 56, 70, 3, 0, 0",
        "13, 72, 8, 0, 56, 70, 3, 0, -1",
        "14, 80, 8, 0, 56, 74, 3, 3, -1",
        "15, 80, 8, 0, 56, 74, 3, 3, -1",
    })
    void frames(
            int minor,
            long size,
            long previous,
            long code,
            long instruction,
            long owner,
            long shim,
            long mask,
            long cframe) {
        Offsets offsets = LayoutCatalog.offsets(PythonVersion.of(3, minor, 0));

        assertEquals(size, offsets.frame().size());
        assertEquals(previous, offsets.frame().previous());
        assertEquals(code, offsets.frame().code());
        assertEquals(instruction, offsets.frame().instruction());
        assertEquals(owner, offsets.frame().owner());
        assertEquals(shim, offsets.frame().ownerShimMin());
        assertEquals(mask, offsets.frame().codeTagMask());
        assertEquals(cframe, offsets.thread().cframeCurrentFrame());
    }

    @ParameterizedTest
    @CsvSource({
        // minor, file, name, qualified, first line, line table, adaptive, ascii, compact, legacy
        "3, 96, 104, -1, 112, 120, -1, 48, 72, 72",
        "4, 96, 104, -1, 112, 120, -1, 48, 72, 72",
        "5, 96, 104, -1, 112, 120, -1, 48, 72, 72",
        "6, 96, 104, -1, 36, 112, -1, 48, 72, 72",
        "7, 96, 104, -1, 36, 112, -1, 48, 72, 72",
        "8, 104, 112, -1, 40, 120, -1, 48, 72, 72",
        "9, 104, 112, -1, 40, 120, -1, 48, 72, 72",
        "10, 104, 112, -1, 40, 120, -1, 48, 72, 72",
        "11, 112, 120, 128, 72, 136, 184, 48, 72, 72",
        "12, 112, 120, 128, 68, 136, 192, 40, 56, 56",
        "13, 112, 120, 128, 68, 136, 200, 40, 56, 56",
        "14, 112, 120, 128, 68, 136, 208, 40, 56, 56",
        "15, 112, 120, 128, 68, 136, 208, 40, 56, 56",
    })
    void codeAndText(
            int minor,
            long file,
            long name,
            long qualifiedName,
            long firstLine,
            long lineTable,
            long codeAdaptive,
            long ascii,
            long compact,
            long legacy) {
        Offsets offsets = LayoutCatalog.offsets(PythonVersion.of(3, minor, 0));

        assertEquals(file, offsets.code().filename());
        assertEquals(name, offsets.code().name());
        assertEquals(qualifiedName, offsets.code().qualname());
        assertEquals(firstLine, offsets.code().firstLine());
        assertEquals(lineTable, offsets.code().lineTable());
        assertEquals(codeAdaptive, offsets.code().codeAdaptive());
        assertEquals(ascii, offsets.objects().asciiData());
        assertEquals(compact, offsets.objects().compactData());
        assertEquals(legacy, offsets.objects().legacyData());
        assertEquals(16, offsets.objects().unicodeLength());
        assertEquals(32, offsets.objects().unicodeState());
        assertEquals(2, offsets.objects().unicodeKindShift());
        assertEquals(5, offsets.objects().unicodeCompactShift());
        assertEquals(6, offsets.objects().unicodeAsciiShift());
        assertEquals(32, offsets.objects().bytesData());
    }

    @ParameterizedTest
    @CsvSource({
        "13, 216, 128, 16, 70, -1",
        "14, 232, 128, 24, 78, 224",
        "15, 232, 128, 24, 78, 224"
    })
    void freeThreaded(int minor, long adaptive, long file, long kindShift, long owner, long tlbc) {
        PythonVersion version = new PythonVersion(3, minor, 0, 0xF, 0, true, false);
        Offsets offsets = LayoutCatalog.offsets(version);

        assertEquals(32, offsets.objects().headerSize());
        assertEquals(24, offsets.objects().type());
        assertEquals(adaptive, offsets.code().codeAdaptive());
        assertEquals(file, offsets.code().filename());
        assertEquals(owner, offsets.frame().owner());
        assertEquals(tlbc, offsets.code().tlbc());
        assertEquals(16, offsets.gil().lastHolder());
        assertEquals(24, offsets.gil().locked());
        assertEquals(32, offsets.gil().switchNumber());
    }

    @Test
    void python27() {
        Offsets offsets = LayoutCatalog.offsets(PythonVersion.of(2, 7, 18));

        assertEquals(0, offsets.thread().next());
        assertEquals(16, offsets.thread().top());
        assertEquals(144, offsets.thread().threadId());
        assertEquals(120, offsets.frame().instruction());
        assertEquals(80, offsets.code().filename());
        assertEquals(88, offsets.code().name());
        assertEquals(96, offsets.code().firstLine());
        assertEquals(104, offsets.code().lineTable());
        assertEquals(36, offsets.objects().bytesData());
    }

    @Test
    void debugBuildsBefore38HaveALongerObjectHeader() {
        for (int minor = 6; minor <= 8; minor++) {
            Offsets release = LayoutCatalog.offsets(PythonVersion.of(3, minor, 0));
            Offsets debug =
                    LayoutCatalog.offsets(new PythonVersion(3, minor, 0, 0xF, 0, false, true));

            long more = minor < 8 ? 16 : 0;
            assertEquals(release.objects().type() + more, debug.objects().type());
            assertEquals(release.frame().previous() + more, debug.frame().previous());
            assertEquals(release.code().filename() + more, debug.code().filename());
        }
    }

    @Test
    void debugBuildsWithoutHeadersAreRefused() {
        PythonVersion version = new PythonVersion(3, 5, 5, 0xF, 0, false, true);

        UnsupportedPythonException refused =
                assertThrows(
                        UnsupportedPythonException.class, () -> LayoutCatalog.offsets(version));

        assertTrue(refused.getMessage().contains("3.5.5d"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"2, 7", "3, 6", "3, 7", "3, 8", "3, 9", "3, 10", "3, 11", "3, 12", "3, 13"})
    void tracingReferencesPutsTwoWordsBeforeEveryObject(int major, int minor) {
        PythonVersion version = PythonVersion.of(major, minor, 9);
        Offsets usual = LayoutCatalog.offsets(version);
        Offsets tracing = LayoutCatalog.tracingReferences(version);

        long more = minor < 13 ? 16 : 0;
        assertEquals(usual.objects().headerSize() + more, tracing.objects().headerSize());
        assertEquals(usual.objects().type() + more, tracing.objects().type());
        assertEquals(usual.code().filename() + more, tracing.code().filename());
        assertEquals(usual.thread().top(), tracing.thread().top());
    }

    @Test
    void gilLiesElsewhereInTheFirst37() {
        assertEquals(1176, LayoutCatalog.offsets(PythonVersion.of(3, 7, 3)).runtime().gil());
        assertEquals(1264, LayoutCatalog.offsets(PythonVersion.of(3, 7, 4)).runtime().gil());
    }

    @Test
    void dictionariesBeforeTheIndex() {
        Offsets.Dict python27 = LayoutCatalog.offsets(PythonVersion.of(2, 7, 18)).dict();
        assertEquals(40, python27.keys());
        assertEquals(32, python27.keysSize());
        assertEquals(ABSENT, python27.values());
        assertEquals(ABSENT, python27.keysIndices());

        Offsets.Dict python35 = LayoutCatalog.offsets(PythonVersion.of(3, 5, 5)).dict();
        assertEquals(24, python35.keys());
        assertEquals(8, python35.keysSize());
        assertEquals(32, python35.keysIndices());
        assertEquals(ABSENT, python35.keysEntryCount());
        assertEquals(0, python35.values() - 32);
    }

    /**
     * To 3.12 nothing tells of itself: one layout must do for every patch release and for arm64.
     */
    @Test
    void oneLayoutServesEveryBuildOfAVersionThatTellsNothing() {
        int compared = 0;
        for (LayoutJson json : LayoutJson.all()) {
            boolean linux = json.platform().startsWith("linux");
            if (linux && (json.major() == 2 || json.minor() < 13)) {
                Offsets expected =
                        json.flavour().equals("r")
                                ? LayoutCatalog.tracingReferences(json.version())
                                : LayoutCatalog.offsets(json.version());
                if (json.name().equals("3.7.3d-linux-x86_64")) {
                    // Both a debug build and one of the first 3.7: the catalog has no such class.
                    continue;
                }
                assertEquals(expected, json.flattened(), json.name());
                compared++;
            }
        }
        assertTrue(compared > 20, compared + " layouts");
    }

    @Test
    void threadSizeCoversEveryFieldThatIsRead() {
        for (int minor = 3; minor <= 15; minor++) {
            Offsets.Thread thread = LayoutCatalog.offsets(PythonVersion.of(3, minor, 0)).thread();
            long last =
                    Arrays.stream(Offsets.Thread.class.getRecordComponents())
                            .filter(
                                    c ->
                                            !List.of("size", "cframeCurrentFrame")
                                                    .contains(c.getName()))
                            .mapToLong(
                                    component -> {
                                        try {
                                            return (long) component.getAccessor().invoke(thread);
                                        } catch (ReflectiveOperationException e) {
                                            throw new AssertionError(e);
                                        }
                                    })
                            .max()
                            .orElseThrow();

            assertTrue(thread.size() > last && thread.size() <= last + 8, "3." + minor);
            assertEquals(0, thread.size() % 8);
        }
    }

    @Test
    void newerMinorGetsTheNewestShapeAndIsNotCalledKnown() {
        PythonVersion next = PythonVersion.of(3, 16, 0);

        assertFalse(LayoutCatalog.isKnown(next));
        assertEquals(
                LayoutCatalog.offsets(PythonVersion.of(3, 15, 2)), LayoutCatalog.offsets(next));
    }

    @ParameterizedTest
    @CsvSource({"2, 6", "3, 2", "4, 0", "0, 0", "255, 255"})
    void refusesWhatItDoesNotKnow(int major, int minor) {
        PythonVersion version = PythonVersion.of(major, minor, 1);

        UnsupportedPythonException refused =
                assertThrows(
                        UnsupportedPythonException.class, () -> LayoutCatalog.offsets(version));

        assertEquals(version, refused.version().orElseThrow());
        assertTrue(refused.getMessage().contains(version.toString()), refused.getMessage());
        assertTrue(refused.getMessage().contains(LayoutCatalog.supported()), refused.getMessage());
    }

    @Test
    void onlyTheVersionAskedForIsLoaded() throws Exception {
        try (Watcher loader = new Watcher()) {
            Class<?> version = loader.loadClass("jspy.layout.PythonVersion");
            Class<?> catalog = loader.loadClass("jspy.layout.LayoutCatalog");
            Object wanted =
                    version.getMethod("of", int.class, int.class, int.class).invoke(null, 3, 11, 7);
            catalog.getMethod("offsets", version).invoke(null, wanted);

            List<String> loaded =
                    IntStream.concat(IntStream.of(27), IntStream.rangeClosed(33, 315))
                            .mapToObj(number -> "jspy.layout.generated.Python" + number)
                            .flatMap(
                                    name ->
                                            Stream.of(
                                                    name,
                                                    name + "t",
                                                    name + "d",
                                                    name + "r",
                                                    name + "p3"))
                            .filter(loader::hasLoaded)
                            .toList();
            assertEquals(List.of("jspy.layout.generated.Python311"), loaded);
        }
    }

    /** Loads jspy's classes itself, so that it knows which were needed. */
    private static final class Watcher extends URLClassLoader {
        Watcher() {
            super(classPath(), ClassLoader.getPlatformClassLoader());
        }

        boolean hasLoaded(String name) {
            return findLoadedClass(name) != null;
        }

        private static URL[] classPath() {
            return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                    .map(Watcher::url)
                    .toArray(URL[]::new);
        }

        private static URL url(String path) {
            try {
                return new File(path).toURI().toURL();
            } catch (MalformedURLException e) {
                throw new AssertionError(e);
            }
        }
    }
}
