package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.time.ZonedDateTime;
import java.util.List;

final class OutputNamesTest {
    private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-11-22T17:02:58+01:00");

    @Test
    void defaultIsPySpysName() throws CommandException {
        assertEquals(
                List.of("1932-2026-11-22T17-02-58+0100.svg"),
                names(List.of(Format.FLAMEGRAPH), List.of()));
        assertEquals(
                List.of("1932-2026-11-22T17-02-58+0100.txt"),
                names(List.of(Format.RAW), List.of()));
        assertEquals(
                List.of("1932-2026-11-22T17-02-58+0100.json"),
                names(List.of(Format.SPEEDSCOPE), List.of()));
    }

    @Test
    void nameIsTakenAsItIs() throws CommandException {
        assertEquals(List.of("x.svg"), names(List.of(Format.SPEEDSCOPE), List.of("x.svg")));
        assertEquals(List.of("-"), names(List.of(Format.RAW), List.of("-")));
    }

    @Test
    void oneNameServesSeveralFormats() throws CommandException {
        List<Format> all = List.of(Format.values());
        List<String> expected =
                List.of("x.svg", "x.txt", "x.speedscope.json", "x.chrometrace.json");
        assertEquals(expected, names(all, List.of("x")));
        assertEquals(expected, names(all, List.of("x.svg")));
        assertEquals(expected, names(all, List.of("x.json")));
        assertEquals(expected, names(all, List.of("x.chrometrace.json")));
        assertEquals("1932-2026-11-22T17-02-58+0100.speedscope.json", names(all, List.of()).get(2));
    }

    @Test
    void eachFormatMayHaveAName() throws CommandException {
        assertEquals(
                List.of("a", "b"),
                names(List.of(Format.RAW, Format.FLAMEGRAPH), List.of("a", "b")));
        assertThrows(
                CommandException.class,
                () -> names(List.of(Format.RAW, Format.FLAMEGRAPH), List.of("a", "a")));
    }

    private static List<String> names(List<Format> formats, List<String> typed)
            throws CommandException {
        return OutputNames.of(formats, typed, "1932", NOW).names();
    }
}
