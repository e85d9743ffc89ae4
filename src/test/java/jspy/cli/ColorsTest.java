package jspy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Map;

final class ColorsTest {
    @Test
    void areOnWhereATerminalIs() {
        assertEquals(Colors.ON, Colors.of(Map.of("TERM", "xterm"), true));
        assertEquals(Colors.OFF, Colors.of(Map.of("TERM", "xterm"), false));
        assertEquals(Colors.OFF, Colors.of(Map.of("TERM", "dumb"), true));
    }

    @Test
    void noColorTurnsThemOffUnlessItIsEmpty() {
        assertEquals(Colors.OFF, Colors.of(Map.of("NO_COLOR", "1"), true));
        assertEquals(Colors.OFF, Colors.of(Map.of("NO_COLOR", "1", "CLICOLOR_FORCE", "1"), true));
        assertEquals(Colors.ON, Colors.of(Map.of("NO_COLOR", ""), true));
    }

    @Test
    void clicolorDecidesForTerminalsAndForceForAll() {
        assertEquals(Colors.OFF, Colors.of(Map.of("CLICOLOR", "0"), true));
        assertEquals(Colors.ON, Colors.of(Map.of("CLICOLOR", "1"), true));
        assertEquals(Colors.OFF, Colors.of(Map.of("CLICOLOR", "1"), false));
        assertEquals(Colors.ON, Colors.of(Map.of("CLICOLOR_FORCE", "1"), false));
        assertEquals(Colors.OFF, Colors.of(Map.of("CLICOLOR_FORCE", "0"), false));
    }

    @Test
    void offChangesNothing() {
        assertEquals("idle", Colors.OFF.faint("idle"));
        assertEquals("\033[2midle\033[0m", Colors.ON.faint("idle"));
        assertEquals("", Colors.ON.bold(""));
    }
}
