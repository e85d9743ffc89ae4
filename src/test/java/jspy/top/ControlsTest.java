package jspy.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ControlsTest {
    private final Seen seen = new Seen();
    private final Model model = new Model();
    private final View view = new View(1000);
    private final Controls controls = new Controls(model, view);
    private final Screen screen = new Screen("title", true);

    ControlsTest() {
        seen.stack("main:1", "f:5").stack("main:1", "f:5").stack(1, "main:1", "g:6");
        model.apply(seen.take());
    }

    @Test
    void digitsSortAsInPySpy() {
        type("4");
        assertEquals(Sort.TOTAL_TIME, view.sort);
        type("1");
        assertEquals(Sort.OWN_SHARE, view.sort);
        type("ss");
        assertEquals(Sort.OWN_TIME, view.sort);
    }

    @Test
    void threadsComeOneAfterAnotherThenAll() {
        type("t");
        assertEquals("T0", view.thread.log().threadName());
        type("t");
        assertEquals("T1", view.thread.log().threadName());
        type("t");
        assertNull(view.thread);
        type("T");
        assertEquals("T1", view.thread.log().threadName());
    }

    @Test
    void enterOpensTheChosenRowAndEscapeComesBackToIt() {
        press(Key.Kind.DOWN);
        press(Key.Kind.DOWN);
        int chosen = view.chosenRow;
        press(Key.Kind.ENTER);
        assertEquals(chosen, view.opened.element());
        press(Key.Kind.DOWN);
        press(Key.Kind.DOWN); // the first caller, below the title
        press(Key.Kind.ENTER);
        assertEquals(2, view.opened.size());
        press(Key.Kind.ESCAPE);
        press(Key.Kind.ESCAPE);
        assertTrue(view.opened.isEmpty());
        body();
        assertEquals(chosen, view.chosenRow);
    }

    @Test
    void aFilterIsTypedAndCleared() {
        type("/");
        type("g.x");
        press(Key.Kind.BACKSPACE);
        type("|q");
        press(Key.Kind.ENTER);
        assertEquals("g.|q", view.filterText());
        type("/zzz");
        press(Key.Kind.ESCAPE);
        assertEquals("g.|q", view.filterText());
        type("c");
        assertEquals("", view.filterText());
    }

    @Test
    void aBrokenFilterIsSaidAndChangesNothing() {
        type("/(");
        press(Key.Kind.ENTER);
        assertTrue(view.message.contains("no regular expression"), view.message);
        assertEquals("", view.filterText());
    }

    @Test
    void theOthers() {
        type("L");
        assertEquals(Grain.LINES, view.grain);
        type("p");
        assertTrue(view.paused);
        type("+");
        assertEquals(2000, view.periodMillis);
        type("---------------");
        assertEquals(100, view.periodMillis);
        type("R");
        assertEquals(0, model.profile().spanNanos());
        type("?");
        assertTrue(view.help);
        type("x");
        assertFalse(view.help);
        assertEquals(Controls.Wish.SAVE, type("d"));
        assertEquals(Controls.Wish.QUIT, type("q"));
        assertEquals(Controls.Wish.QUIT, press(Key.Kind.CLOSED));
    }

    @Test
    void manyMovesEndAtTheEnds() {
        for (int i = 0; i < 50; i++) {
            press(Key.Kind.PAGE_DOWN);
        }
        assertEquals(body().size() - 1, view.cursor);
        press(Key.Kind.HOME);
        assertEquals(0, view.cursor);
        press(Key.Kind.UP);
        assertEquals(0, view.cursor);
    }

    // internals

    private Controls.Wish type(String keys) {
        Controls.Wish wish = Controls.Wish.NOTHING;
        for (int c : keys.codePoints().toArray()) {
            wish = controls.handle(Key.of(c), body(), screen.page());
        }
        return wish;
    }

    private Controls.Wish press(Key.Kind kind) {
        return controls.handle(Key.of(kind), body(), screen.page());
    }

    private Body body() {
        Body body = screen.body(model, view, 80);
        screen.lines(model, view, body, 80, 24);
        return body;
    }
}
