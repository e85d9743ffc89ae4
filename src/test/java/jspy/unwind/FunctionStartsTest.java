package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import jspy.binary.CfiFunction;
import jspy.binary.CfiSection;
import jspy.binary.Elf;

import org.junit.jupiter.api.Test;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Where the functions of this machine's libc begin. */
final class FunctionStartsTest {
    private static final int AT_LEAST = 1000;

    @Test
    void everyInstructionLeadsToItsFunction() throws Exception {
        Path file =
                NativeFiles.wanted().stream()
                        .filter(wanted -> wanted.name().equals("libc"))
                        .findFirst()
                        .orElseThrow()
                        .find();
        assumeTrue(file != null, "skipped: this machine has no libc.so.6");
        try (Arena arena = Arena.ofConfined()) {
            Elf elf = Elf.open(file, arena);
            FunctionStarts starts = new FunctionStarts(elf);
            List<CfiFunction> functions = new ArrayList<>();
            CfiSection.ehFrame(elf).orElseThrow().functions(functions::add);
            assertTrue(functions.size() > AT_LEAST, file + " has " + functions.size());
            for (CfiFunction function : functions) {
                OptionalLong start = OptionalLong.of(function.start());
                assertEquals(start, starts.of(function.start()), file::toString);
                assertEquals(start, starts.of(function.end() - 1), file::toString);
            }
            assertEquals(OptionalLong.empty(), starts.of(0));
            assertEquals(OptionalLong.empty(), starts.of(-1));
        }
    }
}
