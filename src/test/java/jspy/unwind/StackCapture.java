package jspy.unwind;

import jspy.binary.Elf;
import jspy.binary.SparseElf;
import jspy.memory.LiveMemory;
import jspy.os.Linux;
import jspy.process.Mapping;
import jspy.process.ProcFiles;
import jspy.process.TargetProcess;
import jspy.process.ThreadStates;
import jspy.process.ThreadStopper;

import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes {@link CapturedStack}s of real threads: of one that sleeps without stopping it, else of
 * one that stands still anyhow. One thread.
 */
public final class StackCapture implements AutoCloseable {
    /** Where the files that were mapped are said to be, so that no folder of a machine is named. */
    public static final String FOLDER = "/native/";

    private static final int CALL_BYTES = 7;
    private static final int CODE_BYTES = 16;

    private final TargetProcess process;
    private final LiveMemory memory;
    private final NativeCode code;
    private final ThreadStates states;
    private final ThreadStopper stopper;
    private final NativeStackReader reader;
    private final Arena arena = Arena.ofConfined();
    private final DebugFiles debugFiles;

    public StackCapture(int pid) throws IOException {
        Linux kernel = new Linux();
        process = TargetProcess.of(ProcFiles.system(), pid);
        memory = new LiveMemory(kernel, pid);
        code = new NativeCode(process, memory);
        states = new ThreadStates(kernel, process.proc(), pid);
        stopper = new ThreadStopper(kernel);
        reader = new NativeStackReader(process, code, memory, states, stopper);
        debugFiles = new DebugFiles(List.of(process.proc().path(pid, "root"), Path.of("/")), arena);
    }

    /**
     * Reads the thread and writes it.
     *
     * @param snapshot of the Python side, of the same moment
     * @return program counters, leaf first; they end at a root
     */
    public List<Long> write(Path file, int thread, byte[] snapshot, long threadState)
            throws IOException {
        int how = reader.read(thread, () -> {});
        if (how < 0 || reader.end() != UnwindEnd.ROOT) {
            throw new IOException("read: %d, end: %d".formatted(how, reader.end()));
        }
        List<Long> found = new ArrayList<>();
        for (int i = 0; i < reader.unwinder().count(); i++) {
            found.add(reader.unwinder().programCounter(i));
        }
        CapturedStack.write(
                file,
                out -> {
                    out.writeUTF(code.machine().name());
                    CapturedStack.write(out, MemorySegment.ofArray(snapshot));
                    out.writeLong(threadState);
                    writeModules(out);
                    writeRegisters(out);
                });
        return found;
    }

    /** What gdb finds, leaf first; null when it does not come to the root, or is not here. */
    public List<Long> gdbsOrNull(int thread) throws IOException {
        if (!Gdb.isHere()) {
            return null;
        }
        Path scratch = Files.createTempDirectory("jspy-gdb");
        Gdb.Stack stack = Gdb.stacks(process.pid(), scratch).get(thread);
        return stack.isWhole()
                ? new CodeAround(process.pid()).withoutGuesses(stack.addresses())
                : null;
    }

    @Override
    public void close() {
        stopper.close();
        states.close();
        code.close();
        arena.close();
    }

    // internals

    private void writeRegisters(DataOutputStream out) throws IOException {
        NativeRegisters registers = reader.registers();
        long known = 0;
        for (int i = 0; i < CapturedStack.REGISTERS; i++) {
            known |= registers.isKnown(i) ? 1L << i : 0;
        }
        out.writeLong(known);
        for (int i = 0; i < CapturedStack.REGISTERS; i++) {
            out.writeLong(registers.isKnown(i) ? registers.get(i) : 0);
        }
        StackCopy stack = reader.stack();
        long end = Math.min(stack.end(), (reader.unwinder().end() + 63) & -8);
        out.writeLong(stack.address());
        out.writeInt((int) (end - stack.address()));
        for (long at = stack.address(); at + 8 <= end; at += 8) {
            out.writeLong(Long.reverseBytes(stack.word(at)));
        }
    }

    private void writeModules(DataOutputStream out) throws IOException {
        List<Mapping> maps = process.maps().list();
        NativeModules modules = code.modules();
        out.writeInt(modules.count());
        for (int i = 0; i < modules.count(); i++) {
            NativeModule module = modules.get(i);
            Mapping mapping =
                    maps.stream().filter(one -> one.start() == module.start()).findFirst().get();
            out.writeLong(module.start());
            out.writeLong(module.end());
            out.writeLong(mapping.offset());
            out.writeUTF(module.name());
            out.writeUTF(module.path().isEmpty() ? "" : FOLDER + module.name());
            Set<Integer> frames = framesIn(i);
            boolean isCaller = !frames.isEmpty() || isRecovered() && !codeWords(module).isEmpty();
            if (!isCaller || module.rules() == null) {
                out.writeByte(CapturedStack.NOTHING);
            } else if (mapping.isFile()) {
                out.writeByte(CapturedStack.FILE);
                writeFile(out, mapping, module, frames);
            } else {
                boolean isVdso = mapping.path().startsWith("[");
                out.writeByte(isVdso ? CapturedStack.VDSO : CapturedStack.NO_FILE);
                MemorySegment copy = arena.allocate(mapping.sizeBytes(), 8);
                memory.read(mapping.start(), copy, 0, (int) mapping.sizeBytes());
                CapturedStack.write(out, copy);
            }
        }
    }

    private void writeFile(
            DataOutputStream out, Mapping mapping, NativeModule module, Set<Integer> frames)
            throws IOException {
        MemorySegment file;
        try (FileChannel channel = FileChannel.open(process.file(mapping).path())) {
            file = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        }
        SparseElf sparse = new SparseElf(file);
        Elf elf = module.elfOrNull();
        List<Elf> all = new ArrayList<>(debugFiles.of(elf, module.path()));
        all.add(elf);
        NativeSymbols symbols = NativeSymbols.of(all);
        for (int frame : frames) {
            boolean isExact = reader.unwinder().isExact(frame);
            long pc = reader.unwinder().programCounter(frame) - module.bias();
            long address = isExact ? pc : pc - 1;
            sparse.keepRules(address);
            sparse.keepCode(pc, CODE_BYTES);
            if (symbols.start(address) >= 0) {
                String name = symbols.name(address).orElseThrow();
                sparse.keepName(symbols.start(address), address, name);
            }
        }
        for (long word : isRecovered() ? codeWords(module) : Set.<Long>of()) {
            sparse.keepRules(word - module.bias() - 1);
            sparse.keepCode(word - module.bias() - CALL_BYTES, CALL_BYTES);
        }
        sparse.write(out);
    }

    private Set<Integer> framesIn(int module) {
        Set<Integer> frames = new TreeSet<>();
        for (int i = 0; i < reader.unwinder().count(); i++) {
            if (reader.unwinder().module(i) == module) {
                frames.add(i);
            }
        }
        return frames;
    }

    /** Then words of the stack were tried until one proved to be a return address. */
    private boolean isRecovered() {
        for (int i = 0; i < reader.unwinder().count(); i++) {
            if (reader.unwinder().isRecovered(i) || reader.unwinder().isByFramePointer(i)) {
                return true;
            }
        }
        return false;
    }

    private Set<Long> codeWords(NativeModule module) {
        Set<Long> words = new TreeSet<>();
        StackCopy stack = reader.stack();
        for (long at = stack.address(); at + 8 <= reader.unwinder().end(); at += 8) {
            long word = stack.word(at);
            if (word > module.start() && word < module.end()) {
                words.add(word);
            }
        }
        return words;
    }
}
