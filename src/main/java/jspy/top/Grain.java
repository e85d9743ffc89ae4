package jspy.top;

import jspy.profile.Frame;

/** What is one row: a function, or a line of one. */
enum Grain {
    FUNCTIONS,
    LINES;

    /** Frames with equal keys are in one row. */
    Frame key(Frame frame) {
        return this == LINES || frame.isMark() || !frame.hasLine()
                ? frame
                : new Frame(frame.function(), frame.file(), frame.shortFile(), 0);
    }

    Grain other() {
        return this == LINES ? FUNCTIONS : LINES;
    }
}
