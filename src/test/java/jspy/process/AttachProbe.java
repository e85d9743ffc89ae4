package jspy.process;

import jspy.memory.LiveMemory;
import jspy.os.Linux;

import java.io.IOException;
import java.lang.foreign.Arena;

/**
 * A JVM of its own, with other rights or another locale than the tests': says what the check says
 * of a pid, or whether it finds a symbol in a mapped file whose name begins like that.
 */
final class AttachProbe {
    private AttachProbe() {}

    public static void main(String[] args) throws IOException {
        int pid = Integer.parseInt(args[0]);
        try {
            TargetProcess process = new AttachCheck(ProcFiles.system()).attach(pid);
            System.out.println(args.length == 1 ? "attached" : find(process, args[1], args[2]));
        } catch (AttachException e) {
            System.out.println(e.reason() + " " + e.getMessage().replace('\n', ' '));
        }
    }

    private static String find(TargetProcess process, String file, String symbol)
            throws IOException {
        MemoryMaps maps = process.maps();
        Mapping mapping = LoadedElf.find(maps, name -> name.startsWith(file)).orElseThrow();
        LiveMemory memory = new LiveMemory(new Linux(), process.pid());
        LoadedElf elf = LoadedElf.open(process, memory, maps, mapping, Arena.ofAuto());
        return "found " + elf.address(symbol).isPresent();
    }
}
