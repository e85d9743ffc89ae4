package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.FrameTable;
import jspy.unwind.NativeModule;
import jspy.unwind.NativeNames;
import jspy.unwind.UnwindEnd;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** How native frames travel, and as what they are shown. */
class NativeFramesTest {
    private static final String INTERPRETER = "/usr/lib/libpython3.13.so.1.0";
    private static final NativeModule PYTHON = module("libpython3.13.so.1.0", INTERPRETER);
    private static final NativeModule LIBRARY = module("libz.so.1", "/usr/lib/libz.so.1");

    private final FrameTable table = new FrameTable();
    private final NativeFilter filter = new NativeFilter(INTERPRETER);

    @Test
    void whatIsPackedComesBackAndIsNoPythonFrame() {
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            int module = random.nextInt(1 << 24);
            long offset = random.nextLong() & 0xFFFFFFFFL;
            int flags = random.nextInt(32);
            long packed = NativeRecord.inModule(module, offset, flags);
            assertTrue(NativeRecord.isNative(packed));
            assertEquals(module, NativeRecord.module(packed));
            assertEquals(offset, NativeRecord.offset(packed));
            for (int flag = 1; flag < 32; flag *= 2) {
                assertEquals((flags & flag) != 0, NativeRecord.has(packed, flag));
            }
            int code = random.nextInt(Integer.MAX_VALUE);
            assertFalse(NativeRecord.isNative(SampleRecord.frame(code, random.nextInt())));
        }
    }

    @Test
    void addressInNoCodeIsShownAsItIs() {
        long address = 0x7fff_1234_5678L;
        long packed = NativeRecord.nowhere(address, NativeRecord.EXACT);
        assertEquals(List.of("0x7fff12345678 ([no code])"), shown(packed, NativeMode.CALLED));
    }

    @Test
    void aTargetThatShowsOtherAddressesAllTheTimeDoesNotFillTheMemory() {
        try (NativeFrames frames = frames(NativeMode.CALLED)) {
            for (int i = 0; i < 2 * FrameNames.MAX_FRAMES; i++) {
                frames.shown(NativeRecord.nowhere(0x10_0000 + i, NativeRecord.EXACT), true);
            }
            assertEquals(FrameNames.MAX_FRAMES + 1, table.size());
        }
    }

    @Test
    void whatIsMissingIsSaidWithItsReasonEvenBelowPython() {
        long packed = NativeRecord.missing(UnwindEnd.NO_RULE);
        String mark = "[truncated: native frames missing, no unwind information]";
        assertEquals(List.of(mark), shown(packed, NativeMode.CALLED));
        try (NativeFrames frames = frames(NativeMode.CALLED)) {
            assertEquals(1, frames.shown(packed, false).length);
        }
    }

    @Test
    void gapIsBetweenAFrameAndWhatItCalled() {
        long packed = NativeRecord.nowhere(0x1000, NativeRecord.GAP);
        assertEquals(List.of("0x1000 ([no code])", "[gap]"), shown(packed, NativeMode.ALL));
    }

    @Test
    void nothingIsShownOfHowPythonCameToRunUnlessAllIs() {
        long packed = NativeRecord.nowhere(0x1000, 0);
        try (NativeFrames called = frames(NativeMode.CALLED);
                NativeFrames all = frames(NativeMode.ALL)) {
            assertEquals(0, called.shown(packed, false).length);
            assertEquals(1, called.shown(packed, true).length);
            assertEquals(1, all.shown(packed, false).length);
        }
    }

    @Test
    void plumbingIsTheInterpretersOwnAlone() {
        for (String plumbing :
                List.of(
                        "_PyEval_EvalFrameDefault",
                        "_PyEval_EvalFrameDefault.cold",
                        "_PyEval_EvalFrameDefault.llvm.123",
                        "_TAIL_CALL_CALL_PY_GENERAL",
                        "_PyObject_MakeTpCall",
                        "method_vectorcall_FASTCALL_KEYWORDS",
                        "slot_tp_call")) {
            assertTrue(filter.isPlumbing(PYTHON, plumbing), plumbing);
            assertFalse(filter.isPlumbing(LIBRARY, plumbing), plumbing);
        }
        for (String work : List.of("builtin_sorted", "list_sort_impl", "long_add", "take_gil")) {
            assertFalse(filter.isPlumbing(PYTHON, work), work);
        }
    }

    @Test
    void waitsForTheGilAndCollectionsAreMarked() {
        assertEquals(NativeFilter.GIL, filter.markOrNull(PYTHON, "take_gil"));
        assertEquals(NativeFilter.GARBAGE, filter.markOrNull(PYTHON, "gc_collect_main.part.0"));
        assertNull(filter.markOrNull(LIBRARY, "take_gil"));
        assertNull(filter.markOrNull(PYTHON, "long_add"));
    }

    // internals

    private List<String> shown(long packed, NativeMode mode) {
        try (NativeFrames frames = frames(mode)) {
            return Arrays.stream(frames.shown(packed, true))
                    .mapToObj(frame -> table.get(frame).label())
                    .toList();
        }
    }

    private NativeFrames frames(NativeMode mode) {
        return new NativeFrames(
                new NativeModuleTable(), () -> new NativeNames(Path.of("/")), table, mode, filter);
    }

    private static NativeModule module(String name, String path) {
        return new NativeModule(0x1000, 0x2000, name, path, 0x1000, null);
    }
}
