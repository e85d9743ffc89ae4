package jspy.top;

import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;

/**
 * The user's terminal: keys one by one from {@link #open} on, an alternate screen from the first
 * {@link #show} on, and all as it was after {@link #close}, which any thread may call, several
 * times. The rest is for one thread.
 *
 * <p>JLine closes its terminal by itself when the virtual machine shuts down, at any moment of
 * ours: from then on its streams and settings throw. So what is written goes past it, a closed
 * terminal is as good as one that is gone, and {@link #close} does all of it again: JLine lets the
 * second one wait for the first.
 */
public final class TopTerminal implements AutoCloseable {
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

    /** Keys that nobody reads any more are not for the shell: so many at most are thrown away. */
    private static final int MAX_LEFT_OVER = 1000;

    private final Terminal terminal;
    private final PrintStream out;
    private final KeyReader keys;
    private int width = USUAL_WIDTH;
    private int height = USUAL_HEIGHT;
    private boolean entered;
    private boolean closed;

    private TopTerminal(Terminal terminal) {
        this.terminal = terminal;
        out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, terminal.encoding());
        keys = new KeyReader(terminal.reader()::read);
    }

    /**
     * Takes the terminal's keys; nothing is shown yet.
     *
     * @throws IOException when there is none
     */
    public static TopTerminal open() throws IOException {
        try {
            Terminal terminal =
                    TerminalBuilder.builder()
                            .system(true)
                            .provider("ffm")
                            .dumb(false)
                            .nativeSignals(false) // they end jspy, which closes this
                            .graphemeCluster(false)
                            .build();
            terminal.setAttributes(keyByKey(terminal.getAttributes()));
            return new TopTerminal(terminal);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Asks how large it is now. */
    void measure() {
        try {
            Size now = terminal.getSize();
            width = now.getColumns() > 0 ? now.getColumns() : USUAL_WIDTH;
            height = now.getRows() > 0 ? now.getRows() : USUAL_HEIGHT;
        } catch (IllegalStateException closedByJline) {
            // the last size will do
        }
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /** The next key; null when none came in time. */
    Key key(long millis) {
        return keys.next(millis);
    }

    /** Shows these lines and nothing else. */
    synchronized void show(List<Line> lines, boolean colors) {
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder(entered ? "" : ENTER).append(BEGIN);
        entered = true;
        for (int i = 0; i < height; i++) {
            if (i > 0) {
                text.append("\r\n");
            }
            if (i < lines.size()) {
                text.append(lines.get(i).ansi(colors));
            }
            // A full line leaves the cursor on its last cell, which would be wiped.
            if (i >= lines.size() || CellText.width(lines.get(i).text()) < width) {
                text.append(REST_OF_LINE);
            }
        }
        out.print(text.append(END));
        out.flush();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (entered) {
            out.print(LEAVE);
            out.flush();
        }
        for (int i = 0; i < MAX_LEFT_OVER && keys.skip(); i++) {}
        try {
            terminal.close();
        } catch (IOException gone) {
            // nothing is left to be restored
        }
    }

    // internals

    /**
     * Keys come one by one and are not echoed. Ctrl-C stays a signal: it ends jspy even when this
     * thread is busy. A stopped jspy would leave the terminal as it is now, and a dump of threads
     * would spoil the screen. All at once, as a Ctrl-C between two settings would be a mere key.
     */
    private static Attributes keyByKey(Attributes before) {
        Attributes raw = new Attributes(before);
        raw.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN), false);
        raw.setInputFlags(EnumSet.of(InputFlag.IXON, InputFlag.ICRNL, InputFlag.INLCR), false);
        raw.setControlChar(ControlChar.VMIN, 1);
        raw.setControlChar(ControlChar.VTIME, 0);
        raw.setControlChar(ControlChar.VSUSP, DISABLED);
        raw.setControlChar(ControlChar.VQUIT, DISABLED);
        return raw;
    }
}
