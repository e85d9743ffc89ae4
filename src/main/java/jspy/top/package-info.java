/**
 * {@code jspy top}: a table of what runs, again and again. {@link jspy.top.Top} is the loop, {@link
 * jspy.top.Model} what is counted, {@link jspy.top.View} what the user chose, {@link
 * jspy.top.Screen} the lines that come of both. One thread for all of it.
 */
package jspy.top;
