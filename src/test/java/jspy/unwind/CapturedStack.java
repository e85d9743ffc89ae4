package jspy.unwind;

import jspy.binary.Elf;
import jspy.binary.ElfSegment;
import jspy.binary.SparseElf;

import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A thread's registers and stack, what its process had mapped, and of those files what unwinding
 * and naming it needs: a stack that can be unwound anywhere. In a file, below xz:
 *
 * <pre>
 * machine                    text
 * snapshot                   int, so many bytes: the Python side, of the same moment
 * thread state               long, address of the PyThreadState
 * modules                    int, for each: start, end, offset in its file (longs), name, path (texts),
 *                            kind (byte): 0 nothing known, 1 a file, 2 the vdso, 3 code of no file;
 *                            1: a {@link SparseElf}; 2 and 3: int, so many bytes
 * registers                  long, a bit for each that is known; 34 longs, by DWARF number
 * stack                      address long, int, so many bytes
 * </pre>
 */
public final class CapturedStack {
    static final int NOTHING = 0;
    static final int FILE = 1;
    static final int VDSO = 2;
    static final int NO_FILE = 3;
    static final int REGISTERS = Machine.PROGRAM_COUNTER + 1;

    private static final int MAX_DICTIONARY_BYTES = 8 << 20;

    private final byte[] snapshot;
    private final long threadState;
    private final NativeModules modules;
    private final NativeRegisters registers = new NativeRegisters();
    private final MemorySegment copied;
    private final StackCopy stack;
    private final Unwinder unwinder;

    private CapturedStack(DataInputStream in) throws IOException {
        Machine machine =
                in.readUTF().equals(Machine.AARCH64.name()) ? Machine.AARCH64 : Machine.X86_64;
        Expressions expressions = new Expressions();
        snapshot = bytes(in);
        threadState = in.readLong();
        List<NativeModule> found = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            found.add(module(in, machine, expressions));
        }
        modules = new NativeModules(found);
        long known = in.readLong();
        for (int i = 0; i < REGISTERS; i++) {
            long value = in.readLong();
            if ((known >>> i & 1) != 0) {
                registers.set(i, value);
            }
        }
        long address = in.readLong();
        copied = MemorySegment.ofArray(bytes(in));
        stack = new StackCopy().set(copied, 0, address, copied.byteSize());
        unwinder = new Unwinder(machine, expressions);
    }

    public static CapturedStack read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DataInputStream data = new DataInputStream(new XZInputStream(in))) {
            return new CapturedStack(data);
        }
    }

    interface Body {
        void write(DataOutputStream out) throws IOException;
    }

    static void write(Path file, Body body) throws IOException {
        LZMA2Options options = new LZMA2Options();
        options.setDictSize(MAX_DICTIONARY_BYTES);
        try (OutputStream to = Files.newOutputStream(file);
                DataOutputStream out = new DataOutputStream(new XZOutputStream(to, options))) {
            body.write(out);
        }
    }

    /** Unwinds it; {@link UnwindEnd}. */
    public int unwind() {
        return unwinder.unwind(modules, registers, stack);
    }

    /** The same of a copy that is shorter than the stack; with {@link Unwinder#missing}. */
    public int unwindPart(int stackBytes) {
        StackCopy part = new StackCopy().set(copied, 0, stack.address(), stackBytes);
        return unwinder.unwind(modules, registers, part.reachesTo(stack.end()));
    }

    /** Builds whole tables first, as far as there is anything of the files. */
    public void buildTables() {
        modules.buildTables();
    }

    public byte[] snapshot() {
        return snapshot;
    }

    public long threadState() {
        return threadState;
    }

    public NativeModules modules() {
        return modules;
    }

    public Unwinder unwinder() {
        return unwinder;
    }

    public StackCopy stack() {
        return stack;
    }

    /** Whether it was copied from a thread that was not stopped: its registers are not known. */
    public boolean isAsleep() {
        return !registers.isKnown(0);
    }

    // internals

    private static NativeModule module(DataInputStream in, Machine machine, Expressions expressions)
            throws IOException {
        long start = in.readLong();
        long end = in.readLong();
        long offset = in.readLong();
        String name = in.readUTF();
        String path = in.readUTF();
        long bias = 0;
        CodeRules rules = null;
        switch (in.readByte()) {
            case FILE -> {
                Elf elf = Elf.of(MemorySegment.ofArray(SparseElf.read(in)));
                bias = elf.codeBias(start, offset).orElseThrow();
                rules = new BinaryRules(elf, expressions);
            }
            case VDSO -> {
                Elf elf = Elf.ofImage(MemorySegment.ofArray(bytes(in)), start);
                bias =
                        elf.segments().stream()
                                .filter(segment -> segment.type() == ElfSegment.LOAD)
                                .mapToLong(segment -> start - segment.address())
                                .findFirst()
                                .orElseThrow();
                rules = new BinaryRules(elf, expressions);
            }
            case NO_FILE -> {
                bias = start;
                rules = TrampolineRules.of(MemorySegment.ofArray(bytes(in)), machine);
            }
            default -> {
                // mapped, and no frame lies in it
            }
        }
        return new NativeModule(start, end, name, path, bias, rules);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return bytes;
    }

    static void write(DataOutputStream out, MemorySegment bytes) throws IOException {
        out.writeInt((int) bytes.byteSize());
        out.write(bytes.toArray(ValueLayout.JAVA_BYTE));
    }
}
