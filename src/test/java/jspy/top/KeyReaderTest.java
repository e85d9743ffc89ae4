package jspy.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

class KeyReaderTest {
    @Test
    void sequencesAreKeys() {
        assertEquals(List.of(Key.Kind.UP, Key.Kind.DOWN), kinds("\033[A\033OB"));
        assertEquals(List.of(Key.Kind.PAGE_UP, Key.Kind.PAGE_DOWN), kinds("\033[5~\033[6~"));
        assertEquals(List.of(Key.Kind.HOME, Key.Kind.END), kinds("\033[H\033[4~"));
        assertEquals(List.of(Key.Kind.ENTER, Key.Kind.BACKSPACE), kinds("\r\177"));
    }

    @Test
    void anEscapeAloneIsAKey() {
        assertEquals(List.of(Key.Kind.ESCAPE), kinds("\033"));
    }

    @Test
    void unknownSequencesAreOneUselessKey() {
        assertEquals(List.of(Key.Kind.OTHER, Key.Kind.CHARACTER), kinds("\033[1;5Cq"));
        assertEquals(List.of(Key.Kind.OTHER), kinds("\033[" + "1".repeat(14)));
    }

    @Test
    void charactersBeyondTheBasicPlaneAreOne() {
        KeyReader reader = reader("\ud83d\ude00");
        assertEquals(0x1F600, reader.next(1).codePoint());
        assertNull(reader.next(1));
    }

    @Test
    void theEndOfInputClosesTheView() {
        assertEquals(Key.Kind.CLOSED, new KeyReader(millis -> -1).next(1).kind());
        KeyReader broken =
                new KeyReader(
                        millis -> {
                            throw new IOException("gone");
                        });
        assertEquals(Key.Kind.CLOSED, broken.next(1).kind());
    }

    // internals

    private static List<Key.Kind> kinds(String typed) {
        KeyReader reader = reader(typed);
        List<Key.Kind> kinds = new ArrayList<>();
        for (Key key = reader.next(1); key != null; key = reader.next(1)) {
            kinds.add(key.kind());
        }
        return kinds;
    }

    private static KeyReader reader(String typed) {
        int[] at = {0};
        return new KeyReader(
                millis -> at[0] < typed.length() ? typed.charAt(at[0]++) : KeyReader.NOTHING);
    }
}
