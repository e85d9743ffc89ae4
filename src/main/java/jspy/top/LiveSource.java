package jspy.top;

import jspy.profile.LiveProfile;
import jspy.profile.LiveUpdate;

/** What the live view looks at, and what it can have done there. Called by its one thread. */
public interface LiveSource {
    /** What came since the last call; null when there is no answer within this time. */
    LiveUpdate next(long millis) throws InterruptedException;

    /** Whether sampling is over, for whatever reason. */
    boolean ended();

    /** Whether somebody else than the user wished the profile so far, since this was asked last. */
    boolean saveWanted();

    /** Writes the profile so far; one line that says where it is, or why it is not. */
    String save(LiveProfile profile);

    /** The command line and the process, as the first line shows it. */
    String title();
}
