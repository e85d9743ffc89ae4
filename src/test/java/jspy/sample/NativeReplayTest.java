package jspy.sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.unwind.CapturedStack;
import jspy.unwind.Merge;
import jspy.unwind.UnwindEnd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Stacks that {@code tools/native/capture} took of real threads, and gdb's or the program's own
 * word for them, unwound and merged without any Python: to the same frames as then.
 */
class NativeReplayTest {
    private static final Path FOLDER = Path.of("testdata", "native");
    private static final String ENDING = ".stack";

    /** Beyond it a capture keeps more than it needs. */
    private static final long MAX_BYTES = 120_000;

    static List<Path> captures() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void framesAreThoseOfThen(Path file) throws Exception {
        assertIsExpected(file, CapturedStack.read(file));
    }

    @ParameterizedTest
    @MethodSource("captures")
    void framesAreTheSameByWholeTables(Path file) throws Exception {
        CapturedStack captured = CapturedStack.read(file);
        captured.buildTables();
        assertIsExpected(file, captured);
    }

    @ParameterizedTest
    @MethodSource("captures")
    void capturesAreSmall(Path file) throws Exception {
        assertTrue(Files.size(file) < MAX_BYTES, () -> file + " is large");
    }

    /**
     * Else a recording, which copies as much as lately was enough, never sees a kernel's caller.
     */
    @ParameterizedTest
    @MethodSource("captures")
    void stackThatWasCopiedTooShortIsWholeWhenMoreIsCopied(Path file) throws Exception {
        CapturedStack captured = CapturedStack.read(file);
        long address = captured.stack().address();
        int copied = 1024;
        int end = captured.unwindPart(copied);
        while (end != UnwindEnd.ROOT) {
            assertEquals("end of the copied stack", UnwindEnd.reason(end), copied + " bytes");
            long missing = captured.unwinder().missing() + 8 - address;
            assertTrue(missing > copied, missing + " of " + copied);
            copied = (int) Math.min(missing * 2, captured.stack().end() - address);
            end = captured.unwindPart(copied);
        }
        assertEquals(ReplayedStack.of(captured).addresses().size(), captured.unwinder().count());
    }

    @Test
    void everyWayOfMergingAndOfReadingIsThere() throws Exception {
        boolean isAnyAsleep = false;
        boolean isAnyStopped = false;
        StringBuilder names = new StringBuilder();
        for (Path file : captures()) {
            boolean isAsleep = CapturedStack.read(file).isAsleep();
            isAnyAsleep |= isAsleep;
            isAnyStopped |= !isAsleep;
            names.append(file.getFileName()).append(' ');
        }
        assertTrue(isAnyAsleep && isAnyStopped);
        for (String wanted : List.of("3.8-", "3.10-", "3.11-", "3.12-", "3.13-", "3.14-")) {
            assertTrue(names.indexOf(wanted) >= 0, wanted + " in " + names);
        }
        for (String wanted : List.of("-nested", "-zlib", "-signal", "-matmul", "-perf")) {
            assertTrue(names.indexOf(wanted) >= 0, wanted + " in " + names);
        }
    }

    private static void assertIsExpected(Path file, CapturedStack captured) throws Exception {
        String name = file.getFileName().toString().replace(ENDING, ".txt");
        ReplayedStack replayed = ReplayedStack.of(captured);
        assertEquals("root", UnwindEnd.reason(replayed.end()));
        assertEquals(Merge.WHOLE, replayed.merged());
        assertEquals(Files.readString(FOLDER.resolve(name)), replayed.text());
        assertFalse(replayed.shown().isEmpty());
    }
}
