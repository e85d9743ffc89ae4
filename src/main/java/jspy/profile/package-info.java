/**
 * What was seen: frames, stacks, threads and how sure jspy is of them.
 *
 * <p>The classes here are filled by one drain thread and read by writers once that thread is done.
 * Nothing in here knows where a sample came from, and nothing recurses: a stack 10,000 frames deep
 * is an ordinary one.
 */
package jspy.profile;
