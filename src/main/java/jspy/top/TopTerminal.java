package jspy.top;

import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

import java.io.IOException;
import java.util.List;

/**
 * The user's terminal: keys one by one, an alternate screen, and all as it was when this is closed
 * or the virtual machine ends, by a signal or by itself. {@link #close} by any thread, the rest by
 * one.
 */
final class TopTerminal implements AutoCloseable {
    /** Alternate screen, no cursor, no wrapping of lines: xterm's private modes. */
    private static final String ENTER = "\033[?1049h\033[?25l\033[?7l\033[2J";

    private static final String LEAVE = "\033[0m\033[?7h\033[?25h\033[?1049l";

    /** All of a screen at once, in terminals that know mode 2026; others pass it over. */
    private static final String BEGIN = "\033[?2026h\033[H";

    private static final String END = "\033[?2026l";
    private static final String REST_OF_LINE = "\033[K";

    /** A control character that no key sends, termios(3): {@code _POSIX_VDISABLE}. */
    private static final int DISABLED = 0;

    /** Where the terminal does not know its size. */
    private static final int USUAL_WIDTH = 80;

    private static final int USUAL_HEIGHT = 24;

    private final Terminal terminal;
    private final Attributes before;
    private final boolean colors;
    private final KeyReader keys;
    private final Thread hook = new Thread(this::restore, "jspy-terminal");
    private boolean restored;

    private TopTerminal(Terminal terminal, boolean colors) {
        this.terminal = terminal;
        this.colors = colors;
        before = new Attributes(terminal.getAttributes());
        keys = new KeyReader(terminal.reader()::read);
    }

    /**
     * Takes the terminal.
     *
     * @throws IOException when there is none
     */
    static TopTerminal open(boolean colors) throws IOException {
        Terminal terminal;
        try {
            terminal =
                    TerminalBuilder.builder()
                            .system(true)
                            .provider("ffm")
                            .dumb(false)
                            .nativeSignals(false) // those that end jspy run the hook
                            .graphemeCluster(false)
                            .build();
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
        TopTerminal opened = new TopTerminal(terminal, colors);
        Runtime.getRuntime().addShutdownHook(opened.hook);
        opened.enter();
        return opened;
    }

    int width() {
        Size size = terminal.getSize();
        return size.getColumns() > 0 ? size.getColumns() : USUAL_WIDTH;
    }

    int height() {
        Size size = terminal.getSize();
        return size.getRows() > 0 ? size.getRows() : USUAL_HEIGHT;
    }

    /** The next key; null when none came in time. */
    Key key(long millis) {
        return keys.next(millis);
    }

    /** Shows these lines and nothing else. */
    synchronized void show(List<Line> lines, int width, int height) {
        if (restored) {
            return;
        }
        StringBuilder out = new StringBuilder(BEGIN);
        for (int i = 0; i < height; i++) {
            if (i > 0) {
                out.append("\r\n");
            }
            if (i < lines.size()) {
                out.append(lines.get(i).ansi(colors));
            }
            // A full line leaves the cursor on its last cell, which would be wiped.
            if (i >= lines.size() || CellText.width(lines.get(i).text()) < width) {
                out.append(REST_OF_LINE);
            }
        }
        terminal.writer().write(out.append(END).toString());
        terminal.writer().flush();
    }

    @Override
    public void close() throws IOException {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return; // the hook does nothing more; JLine's own closes the rest
        }
        terminal.close();
    }

    // internals

    private synchronized void enter() {
        terminal.enterRawMode();
        Attributes raw = new Attributes(terminal.getAttributes());
        // Ctrl-C stays a signal: it ends jspy even when this thread is busy. A stopped jspy would
        // leave the terminal as it is now, and a dump of threads would spoil the screen.
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, true);
        raw.setControlChar(Attributes.ControlChar.VSUSP, DISABLED);
        raw.setControlChar(Attributes.ControlChar.VQUIT, DISABLED);
        terminal.setAttributes(raw);
        terminal.writer().write(ENTER);
        terminal.writer().flush();
    }

    private synchronized void restore() {
        if (restored) {
            return;
        }
        restored = true;
        try {
            terminal.writer().write(LEAVE);
            terminal.writer().flush();
        } finally {
            terminal.setAttributes(before);
        }
    }
}
