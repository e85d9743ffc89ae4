package jspy.unwind;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

class PerfMapTest {
    @TempDir private Path scratch;

    @Test
    void namesAreThoseOfTheRangeThatHoldsTheAddress() throws Exception {
        Path file =
                Files.writeString(scratch.resolve("perf-1.map"), "7f00 b py::f:a b.py\n7f10 10 g");
        PerfMap map = new PerfMap(file);
        assertEquals(Optional.of("py::f:a b.py"), map.name(0x7f00));
        assertEquals(Optional.of("py::f:a b.py"), map.name(0x7f0a));
        assertEquals(Optional.empty(), map.name(0x7f0b));
        assertEquals(Optional.of("g"), map.name(0x7f1f));
        assertEquals(Optional.empty(), map.name(0x7eff));
    }

    @Test
    void whatIsAddedLaterIsFound() throws Exception {
        Path file = Files.writeString(scratch.resolve("perf-1.map"), "10 8 f\n");
        PerfMap map = new PerfMap(file);
        assertEquals(Optional.empty(), map.name(0x20));
        Files.writeString(file, "20 8 g\n", StandardOpenOption.APPEND);
        assertEquals(Optional.of("g"), map.name(0x20));
    }

    @Test
    void linksAreNotFollowedAndNonsenseIsPassedOver() throws Exception {
        Path file =
                Files.writeString(
                        scratch.resolve("file"),
                        "\n10 zz f\n30 8\n \n40 8 g\n50 ffffffffffffffff h");
        assertEquals(Optional.of("g"), new PerfMap(file).name(0x40));
        Path link = Files.createSymbolicLink(scratch.resolve("perf-1.map"), file);
        assertEquals(Optional.empty(), new PerfMap(link).name(0x40));
        assertEquals(Optional.empty(), new PerfMap(scratch.resolve("none")).name(0x40));
        assertEquals(Optional.empty(), new PerfMap(scratch).name(0x40));
    }
}
