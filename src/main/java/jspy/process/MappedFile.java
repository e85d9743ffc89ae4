package jspy.process;

import java.nio.file.Path;

/**
 * Where the file of a mapping can be opened.
 *
 * @param isProved it is the mapped file itself: through a link of the kernel, or the same inode.
 *     Else only its name fits (file systems like overlayfs show other inode numbers in maps), and
 *     its build id wants to be compared
 */
public record MappedFile(Path path, boolean isProved) {}
