package jspy.top;

/** How a piece of a line looks: ECMA-48 codes, with colours and without. */
enum Style {
    PLAIN("", ""),
    BOLD("1", "1"),
    FAINT("2", ""),
    HEADER("7", "7"),
    SELECTED("1;7", "1;7"),
    FILE("36", ""),
    WARM("33", ""),
    HOT("1;31", "1");

    private final String colored;
    private final String uncolored;

    Style(String colored, String uncolored) {
        this.colored = colored;
        this.uncolored = uncolored;
    }

    String code(boolean colors) {
        return colors ? colored : uncolored;
    }
}
