package jspy.profile;

import java.util.Objects;

/**
 * One process that was sampled.
 *
 * @param parentPid the nearest process above it that was sampled too; 0: none
 * @param commandLine its arguments, joined by spaces
 * @param pythonVersion such as {@code 3.12.4}
 * @param executable the path of the program that runs
 */
public record Target(
        int pid, int parentPid, String commandLine, String pythonVersion, String executable) {
    public Target {
        Objects.requireNonNull(commandLine, "commandLine");
        Objects.requireNonNull(pythonVersion, "pythonVersion");
        Objects.requireNonNull(executable, "executable");
    }

    /** One that nobody sampled started. */
    public Target(int pid, String commandLine, String pythonVersion, String executable) {
        this(pid, 0, commandLine, pythonVersion, executable);
    }
}
