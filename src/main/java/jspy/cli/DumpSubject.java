package jspy.cli;

import jspy.sample.StackDump;

import java.util.List;

/**
 * A dump and whose it is: of a process, a core file or a snapshot.
 *
 * @param version of its interpreter
 * @param info the process and those that it came from; null where that was not asked for
 */
record DumpSubject(
        int pid,
        List<String> commandLine,
        String version,
        String executable,
        StackDump dump,
        ProcessInfo info) {
    DumpSubject(
            int pid, List<String> commandLine, String version, String executable, StackDump dump) {
        this(pid, commandLine, version, executable, dump, null);
    }
}
