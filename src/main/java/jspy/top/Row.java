package jspy.top;

import jspy.profile.Frame;

/**
 * A row of the table; times in ns, recursion counted once.
 *
 * @param id its number among the rows of its grain, which never changes
 * @param frame its names; the line of a function is that on which most time was seen
 * @param ownPeriod in the last period, with the frame on top
 * @param totalPeriod in the last period, with the frame anywhere
 * @param own since the start
 * @param total since the start
 */
record Row(int id, Frame frame, long ownPeriod, long totalPeriod, long own, long total) {}
