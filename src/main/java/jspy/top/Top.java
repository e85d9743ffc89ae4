package jspy.top;

import jspy.profile.LiveUpdate;

import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The loop of the live view: asks for what was seen, shows it, takes keys. One thread. */
public final class Top {
    /**
     * How the view begins.
     *
     * @param periodMillis between two tables
     * @param activeKnown whether only active threads are seen
     */
    public record Options(long periodMillis, boolean colors, boolean activeKnown) {}

    /** How soon a resize and the end are noticed. */
    private static final long LOOK_MILLIS = 50;

    /** How long the drain is waited for: it looks every 20 ms. */
    private static final long ANSWER_MILLIS = 100;

    /** Rows of a table that is printed as plain lines. */
    private static final int PLAIN_ROWS = 10;

    private static final int PLAIN_WIDTH = 120;

    private final LiveSource source;
    private final Options options;
    private final Model model = new Model();
    private final View view;
    private final Controls controls;
    private final Screen screen;

    private int width = PLAIN_WIDTH;
    private long dueNanos = System.nanoTime();

    public Top(LiveSource source, Options options) {
        this.source = source;
        this.options = options;
        view = new View(options.periodMillis());
        controls = new Controls(model, view);
        screen = new Screen(source.title(), options.activeKnown());
    }

    /** Shows the table in the terminal until the user or the target ends it. */
    public void show(TopTerminal terminal) throws InterruptedException {
        boolean changed = true;
        int height = 0;
        Body body = null;
        while (!source.ended()) {
            changed |= update();
            if (source.saveWanted()) {
                view.message = source.save(model.profile());
                changed = true;
            }
            terminal.measure();
            changed |= terminal.width() != width || terminal.height() != height;
            if (changed) {
                width = terminal.width();
                height = terminal.height();
                body = screen.body(model, view, width);
                terminal.show(screen.lines(model, view, body, width, height), options.colors());
            }
            Key key = terminal.key(LOOK_MILLIS);
            changed = key != null;
            if (key != null) {
                switch (controls.handle(key, body, screen.page())) {
                    case QUIT -> {
                        return;
                    }
                    case SAVE -> view.message = source.save(model.profile());
                    case NOTHING -> {}
                }
            }
        }
    }

    /** Prints a table every period until sampling ends or nobody reads. */
    public void print(PrintStream out) throws InterruptedException {
        while (!source.ended() && !out.checkError()) {
            waitUntilDue();
            boolean first = model.profile().last() == null; // it has seen next to nothing
            if (update() && !first) {
                printTable(out);
            }
            if (source.saveWanted()) {
                out.println(source.save(model.profile()));
            }
        }
    }

    /** One last table of all that was seen, as lines. */
    public void printLast(PrintStream out) throws InterruptedException {
        dueNanos = System.nanoTime();
        view.paused = false;
        view.backToTop();
        view.opened.clear();
        update();
        printTable(out);
    }

    // internals

    /** Whether a period is over and its numbers have come. */
    private boolean update() throws InterruptedException {
        long now = System.nanoTime();
        boolean first = model.profile().last() == null;
        if (view.paused || now < dueNanos) {
            return false;
        }
        LiveUpdate update = source.next(ANSWER_MILLIS);
        if (update == null) {
            return false;
        }
        model.apply(update);
        long period = TimeUnit.MILLISECONDS.toNanos(view.periodMillis);
        // The very first answer has seen next to nothing: the next one comes soon.
        dueNanos = now + (first ? Math.min(period, TimeUnit.MILLISECONDS.toNanos(300)) : period);
        return true;
    }

    private void waitUntilDue() throws InterruptedException {
        for (long left = 1; left > 0 && !source.ended(); ) {
            left = TimeUnit.NANOSECONDS.toMillis(dueNanos - System.nanoTime());
            Thread.sleep(Math.max(1, Math.min(left, LOOK_MILLIS)));
        }
    }

    private void printTable(PrintStream out) {
        Body body = TableBody.of(model, view, width);
        StringBuilder text = new StringBuilder();
        List<String> header = Header.lines(source.title(), model, view, options.activeKnown());
        for (String line : header.subList(0, header.size() - 1)) {
            text.append(CellText.start(line, width)).append('\n');
        }
        text.append(body.titles()).append('\n');
        for (int i = 0; i < Math.min(PLAIN_ROWS, body.size()); i++) {
            text.append(body.line(i).text()).append('\n');
        }
        out.println(text);
        out.flush();
    }
}
