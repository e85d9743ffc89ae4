package jspy.process;

import java.io.IOException;

/** A program with its files in memory: a process that runs, or the core file of one that did. */
public sealed interface Program permits TargetProcess, CoreProcess {

    int pid();

    /** Whether its memory is still there. */
    boolean isAlive();

    MemoryMaps maps() throws IOException;

    /** The executable's path, as {@link #maps} has it. */
    String executable() throws IOException;

    /** Where the file of that mapping can be opened. */
    MappedFile file(Mapping mapping) throws MappedFileException;
}
