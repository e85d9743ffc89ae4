package jspy.top;

import jspy.profile.LiveProfile.LiveThread;

import java.util.List;

/** What each key does to a {@link View}. */
final class Controls {
    /** What a key asks of the loop. */
    enum Wish {
        NOTHING,
        QUIT,
        SAVE
    }

    private static final int MAX_PROMPT = 200;

    private final Model model;
    private final View view;

    Controls(Model model, View view) {
        this.model = model;
        this.view = view;
    }

    /**
     * @param body what the screen shows
     * @param page how many lines of it
     */
    Wish handle(Key key, Body body, int page) {
        view.message = "";
        if (key.kind() == Key.Kind.CLOSED) {
            return Wish.QUIT;
        }
        if (view.prompt != null) {
            type(key);
            return Wish.NOTHING;
        }
        if (view.help) {
            view.help = false;
            return key.codePoint() == 'q' ? Wish.QUIT : Wish.NOTHING;
        }
        switch (key.kind()) {
            case UP -> move(body, -1);
            case DOWN -> move(body, 1);
            case PAGE_UP -> move(body, -page);
            case PAGE_DOWN -> move(body, page);
            case HOME -> move(body, -body.size());
            case END -> move(body, body.size());
            case LEFT -> nextThread(-1);
            case RIGHT -> nextThread(1);
            case ENTER -> open(body);
            case ESCAPE, BACKSPACE -> back();
            default -> {
                return character(key.codePoint(), body);
            }
        }
        return Wish.NOTHING;
    }

    // internals

    private Wish character(int c, Body body) {
        switch (c) {
            case 'q', 'Q' -> {
                return Wish.QUIT;
            }
            case 'd', 'D' -> {
                return Wish.SAVE;
            }
            case '1', '2', '3', '4' -> view.sort = Sort.values()[c - '1'];
            case 's', 'S' -> view.sort = view.sort.next();
            case 'l', 'L' -> {
                view.grain = view.grain.other();
                view.opened.clear();
                view.backToTop();
            }
            case 'r', 'R' -> {
                model.profile().reset();
                view.message = "the sums begin again";
            }
            case 'p', 'P', ' ' -> view.paused = !view.paused;
            case '/' -> view.prompt = view.filterText();
            case 'c', 'C' -> view.filterBy("");
            case 't' -> nextThread(1);
            case 'T' -> nextThread(-1);
            case 'k' -> move(body, -1);
            case 'j' -> move(body, 1);
            case '+', '=' -> view.changePeriod(true);
            case '-' -> view.changePeriod(false);
            case '?', 'h', 'H' -> view.help = true;
            default -> {}
        }
        return Wish.NOTHING;
    }

    private void type(Key key) {
        switch (key.kind()) {
            case ENTER -> {
                String text = view.prompt;
                view.prompt = null;
                view.opened.clear();
                view.filterBy(text);
            }
            case ESCAPE -> view.prompt = null;
            case BACKSPACE -> {
                if (view.prompt.isEmpty()) {
                    view.prompt = null;
                } else {
                    int end = view.prompt.offsetByCodePoints(view.prompt.length(), -1);
                    view.prompt = view.prompt.substring(0, end);
                }
            }
            case CHARACTER -> {
                if (view.prompt.length() < MAX_PROMPT) {
                    view.prompt += Character.toString(key.codePoint());
                }
            }
            default -> {}
        }
    }

    private void move(Body body, int by) {
        if (body.size() == 0) {
            return;
        }
        int to = view.cursor < 0 ? (by > 0 ? view.scroll + by - 1 : 0) : view.cursor + by;
        view.cursor = Math.max(0, Math.min(body.size() - 1, to));
        if (view.opened.isEmpty()) {
            view.chosenRow = body.row(view.cursor);
        }
    }

    private void open(Body body) {
        int index = view.cursor < 0 && view.opened.isEmpty() ? view.scroll : view.cursor;
        if (index >= 0 && index < body.size() && body.row(index) != View.NONE) {
            view.open(body.row(index));
        }
    }

    private void back() {
        if (!view.close()) {
            view.backToTop();
        }
    }

    /** All threads, then one after the other, then all. */
    private void nextThread(int by) {
        List<LiveThread> threads = model.threads();
        int at = view.thread == null ? -1 : threads.indexOf(view.thread);
        int next = Math.floorMod(at + 1 + by, threads.size() + 1) - 1;
        view.thread = next < 0 ? null : threads.get(next);
    }
}
