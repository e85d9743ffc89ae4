package jspy.top;

/** The part of the screen that scrolls: its lines are made when they are shown. */
interface Body {
    /** The line of titles above it. */
    String titles();

    int size();

    /** The row that a line stands for, {@link View#NONE} when it is a title or the like. */
    int row(int index);

    /** A line, as wide as the screen at most. */
    Line line(int index);
}
