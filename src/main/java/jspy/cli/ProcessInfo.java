package jspy.cli;

import jspy.process.TargetProcess;

import java.io.IOException;

/**
 * A process among others, as py-spy's {@code process_info} has it.
 *
 * @param parent the process that started it; null for the one that the user named
 */
record ProcessInfo(int pid, String commandLine, ProcessInfo parent) {
    static ProcessInfo of(TargetProcess process, ProcessInfo parent) {
        String commandLine;
        try {
            commandLine = String.join(" ", process.commandLine());
        } catch (IOException ended) {
            commandLine = "";
        }
        return new ProcessInfo(process.pid(), commandLine, parent);
    }
}
