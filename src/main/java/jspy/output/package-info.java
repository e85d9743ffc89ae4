/**
 * One class a format: each turns a finished {@link jspy.profile.Profile} into bytes, the same bytes
 * for the same profile.
 *
 * <p>Names come from the target and are taken for hostile: {@link TargetText} makes them harmless.
 */
package jspy.output;
