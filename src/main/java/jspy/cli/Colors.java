package jspy.cli;

import java.util.Map;

/**
 * Colours for people who look at a terminal, by the rules of no-color.org and CLICOLOR: NO_COLOR
 * turns them off, CLICOLOR_FORCE on; else they are on where a terminal is, unless CLICOLOR is 0.
 */
enum Colors {
    ON,
    OFF;

    private static final String RESET = "\033[0m";

    static Colors of(Map<String, String> environment, boolean terminal) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return OFF;
        }
        if (!environment.getOrDefault("CLICOLOR_FORCE", "0").equals("0")) {
            return ON;
        }
        boolean dumb = environment.getOrDefault("TERM", "").equals("dumb");
        boolean wanted = !environment.getOrDefault("CLICOLOR", "1").equals("0");
        return terminal && wanted && !dumb ? ON : OFF;
    }

    /** Colours for standard output. */
    static Colors ofOutput() {
        return of(System.getenv(), Terminal.is(Terminal.OUT));
    }

    String bold(String text) {
        return in("1", text);
    }

    String faint(String text) {
        return in("2", text);
    }

    String green(String text) {
        return in("32", text);
    }

    String yellow(String text) {
        return in("33", text);
    }

    String cyan(String text) {
        return in("36", text);
    }

    // internals

    private String in(String code, String text) {
        return this == OFF || text.isEmpty() ? text : "\033[" + code + "m" + text + RESET;
    }
}
