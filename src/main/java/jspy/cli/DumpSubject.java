package jspy.cli;

import jspy.sample.StackDump;

import java.util.List;

/**
 * A dump and whose it is: of a process, or of a snapshot of one.
 *
 * @param version of its interpreter
 */
record DumpSubject(
        int pid, List<String> commandLine, String version, String executable, StackDump dump) {}
