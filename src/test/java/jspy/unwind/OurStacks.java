package jspy.unwind;

import jspy.memory.LiveMemory;
import jspy.os.Linux;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.process.ThreadStates;
import jspy.process.ThreadStopper;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The native frames of all threads of a process as jspy finds them. */
final class OurStacks {
    private OurStacks() {}

    /**
     * By thread id, the addresses leaf first; of a stack that does not come to a root the last is
     * minus the reason: {@link UnwindEnd}, or the reader's status less 1000.
     */
    static Map<Integer, List<Long>> of(int pid) throws IOException {
        Map<Integer, List<Long>> stacks = new HashMap<>();
        TargetProcess process = TargetProcess.of(ProcFiles.system(), pid);
        Linux kernel = new Linux();
        LiveMemory memory = new LiveMemory(kernel, pid);
        try (NativeCode code = new NativeCode(process, memory);
                ThreadStates states = new ThreadStates(kernel, process.proc(), pid);
                ThreadStopper stopper = new ThreadStopper(kernel)) {
            NativeStackReader reader =
                    new NativeStackReader(process, code, memory, states, stopper);
            for (int thread : process.threads()) {
                stacks.put(thread, read(reader, thread));
            }
        }
        return stacks;
    }

    // internals

    private static List<Long> read(NativeStackReader reader, int thread) {
        int how = NativeStackReader.MOVED;
        for (int i = 0; i < 10 && how == NativeStackReader.MOVED; i++) {
            how = reader.read(thread, () -> {});
        }
        if (how < 0) {
            return List.of(how - 1000L);
        }
        List<Long> addresses = new ArrayList<>();
        for (int i = 0; i < reader.unwinder().count(); i++) {
            addresses.add(reader.unwinder().programCounter(i));
        }
        if (reader.end() != UnwindEnd.ROOT) {
            addresses.add((long) -reader.end());
        }
        return addresses;
    }
}
