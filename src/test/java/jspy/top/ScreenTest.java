package jspy.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jspy.profile.Frame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.stream.IntStream;

class ScreenTest {
    private static final String TITLE = "CPython 3.12.1, process 7: python3 app.py";

    private final Seen seen = new Seen();
    private final Model model = new Model();
    private final View view = new View(1000);

    @Test
    void aScreenOf80CellsShowsWhatIsBusy() {
        for (int i = 0; i < 3; i++) {
            seen.stack("main:1", "work:5");
        }
        seen.stack("main:2");
        model.apply(seen.take());
        assertEquals(
                """
                CPython 3.12.1, process 7: python3 app.py
                GIL: 100%, Active: 100%, Threads: 1, Processes: 1
                0:00, 100 of 100 Hz, 100.0% proved, 0 errors, 4 samples
                functions by own time, every 1 s, all threads
                  %Own  %Total   OwnTime TotalTime  Function (file:line)
                 75.0%   75.0%     0.03s     0.03s  work (a.py:5)
                 25.0%  100.0%     0.01s     0.04s  main (a.py:1)


                q quit  ? keys  p pause  / filter  t thread  L lines  Enter callers
                """,
                text(80, 10));
    }

    @ParameterizedTest
    @CsvSource({"60,12", "80,24", "200,50", "40,8", "20,5", "10,3", "1,1"})
    void hostileNamesStayInTheirCells(int width, int height) {
        hostile();
        view.filterBy("");
        for (Grain grain : Grain.values()) {
            view.grain = grain;
            checkAll(width, height);
        }
        view.cursor = 0;
        view.chosenRow = model.rows(view.grain, null).getFirst().id();
        checkAll(width, height);
        view.open(view.chosenRow);
        checkAll(width, height);
        view.prompt = "\033[2J漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字";
        checkAll(width, height);
        view.help = true;
        checkAll(width, height);
    }

    @Test
    void sixtyByTwelveShowsRowsAndTheirFiles() {
        IntStream.range(0, 30).forEach(i -> seen.stack("main:1", "some_function_" + i + ":7"));
        model.apply(seen.take());
        String text = text(60, 12);
        assertTrue(text.contains("main (a.py:1)") || text.contains("some_function_0 (a.py:7)"));
        assertEquals(6, text.lines().filter(line -> line.contains("a.py")).count());
        assertTrue(text.contains("25 more"), text);
        assertTrue(text.contains("q quit  ? keys  p pause  / filter  t thread  "), text);
        view.help = true;
        String help = text(60, 12);
        assertTrue(help.contains("write a profile (SVG)"), help);
        assertTrue(help.contains("all threads used if that is more."), help);
        for (String shown : List.of(text, help)) {
            assertFalse(shown.contains(".."), shown);
        }
    }

    @Test
    void aLongFileKeepsItsEnd() {
        Frame frame = new Frame("run", "/x", "a/very/long/path/to/some/package/module.py", 12);
        String text = Columns.names(new Line(), frame, Style.PLAIN, 30).text();
        assertEquals("run (..some/package/module.py:12)".length(), 33);
        assertTrue(text.endsWith("module.py:12)"), text);
        assertTrue(text.startsWith("run (.."), text);
        assertTrue(CellText.width(text) <= 30, text);
    }

    @Test
    void theFilterIsARegularExpression() {
        seen.stack("main:1", "load:5").stack("main:1", "save:9");
        model.apply(seen.take());
        view.filterBy("lo.d|:9\\)");
        assertEquals(2, screen().body(model, view, 80).size());
        view.filterBy("LOAD");
        assertEquals(0, screen().body(model, view, 80).size());
        view.filterBy("(");
        assertFalse(view.message.isEmpty());
        assertEquals("LOAD", view.filterText());
    }

    @Test
    void withoutColorsThereIsNoColorCode() {
        hostile();
        Body body = screen().body(model, view, 80);
        for (Line line : screen().lines(model, view, body, 80, 24)) {
            assertFalse(line.ansi(false).matches(".*\033\\[[0-9;]*3[0-7]m.*"), line.ansi(false));
        }
    }

    // internals

    private void hostile() {
        List<String> names =
                List.of(
                        "\033[2J\033[H\033]0;owned\007",
                        "a\r\nb\tc",
                        "測定する函数".repeat(20),
                        "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
                        "\u202eabc\u200b",
                        "\ud800\udfff\ud83d\ude00\ud800",
                        "x".repeat(100_000),
                        "\u009b2J",
                        "");
        for (String name : names) {
            for (String file : names) {
                seen.sample(List.of(0), List.of(new Frame(name, file, file, 3)));
            }
        }
        seen.thread(0).setName("\033[31mred\n");
        model.apply(seen.take());
        view.thread = model.threads().getFirst();
    }

    private void checkAll(int width, int height) {
        Screen screen = screen();
        Body body = screen.body(model, view, width);
        List<Line> lines = screen.lines(model, view, body, width, height);
        assertTrue(lines.size() <= height, lines.size() + " lines of " + height);
        for (Line line : lines) {
            String text = line.text();
            assertTrue(CellText.width(text) <= width, text);
            assertTrue(text.chars().noneMatch(Character::isISOControl), text);
        }
    }

    private String text(int width, int height) {
        Body body = screen().body(model, view, width);
        StringBuilder text = new StringBuilder();
        for (Line line : screen().lines(model, view, body, width, height)) {
            text.append(line.text().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static Screen screen() {
        return new Screen(TITLE, true);
    }
}
