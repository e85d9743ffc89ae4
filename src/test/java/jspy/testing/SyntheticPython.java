package jspy.testing;

import jspy.layout.LayoutCatalog;
import jspy.layout.Offsets;
import jspy.layout.PythonVersion;
import jspy.memory.TargetMemory;
import jspy.python.PythonRuntime;
import jspy.sample.Replay;
import jspy.snapshot.MemoryImage;
import jspy.snapshot.SnapshotMemory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The memory of a CPython 3.13 that never ran: threads with stacks of any depth, laid out as the
 * real one lays them, for benchmarks and for tests that need to know every byte. Stacks may be set
 * anew; {@link #memory} is as they are when it is asked for.
 */
public final class SyntheticPython {
    public static final PythonVersion VERSION = PythonVersion.of(3, 13, 0);

    /** {@code DATA_STACK_CHUNK_SIZE}, Python/pystate.c */
    private static final int CHUNK_BYTES = 16 * 1024;

    private static final int CHUNK_HEADER_BYTES = 24;
    private static final int LOCALS_BYTES = 48;
    private static final long RUNTIME = 0x10_0000;
    private static final long INTERPRETER = 0x20_0000;
    private static final long GIL = 0x60_0000;
    private static final long TYPE = 0x70_0000;
    private static final long TYPE_NAME = 0x70_8000;
    private static final long CODES = 0x100_0000;
    private static final long CODE_STRIDE = 0x400;
    private static final long THREADS = 0x4000_0000;
    private static final long THREAD_STRIDE = 0x4000;
    private static final long CHUNKS = 0x10_0000_0000L;
    private static final long SHIMS = 0x20_0000_0000L;

    /** Each thread's chunks lie in a place of their own. */
    private static final long THREAD_CHUNKS = 0x1000_0000;

    private final Offsets offsets = LayoutCatalog.offsets(VERSION);
    private final List<byte[]> codeBytes = new ArrayList<>();
    private final List<long[]> stacks = new ArrayList<>(); // root first: code and instruction
    private int holder = -1;
    private long switches = 1;

    /** Adds a code object; its number. */
    public int addCode(String name, String file, int firstLine) {
        Offsets.Code code = offsets.code();
        byte[] bytes = new byte[(int) CODE_STRIDE];
        long address = codeAddress(codeBytes.size());
        word(bytes, offsets.objects().type(), TYPE);
        long at = 0x180;
        at = string(bytes, address, at, code.name(), name);
        at = string(bytes, address, at, code.qualname(), name);
        at = string(bytes, address, at, code.filename(), file);
        // one entry of location kind "no columns" for each of eight code units: a line each
        byte[] table = new byte[16];
        for (int i = 0; i < table.length; i += 2) {
            table[i] = (byte) (0x80 | 13 << 3);
            table[i + 1] = 2; // the signed varint +1
        }
        word(bytes, code.lineTable(), address + at);
        word(bytes, at + offsets.objects().varSize(), table.length);
        System.arraycopy(table, 0, bytes, (int) (at + offsets.objects().bytesData()), table.length);
        segment(bytes).set(ValueLayout.JAVA_INT_UNALIGNED, code.firstLine(), firstLine);
        codeBytes.add(bytes);
        return codeBytes.size() - 1;
    }

    /** Adds a thread without a stack; its number. */
    public int addThread() {
        stacks.add(new long[0]);
        return stacks.size() - 1;
    }

    /** Sets a stack, root first: of each frame the code's number; every one at its first line. */
    public void stack(int thread, int... codes) {
        long[] frames = new long[codes.length * 2];
        for (int i = 0; i < codes.length; i++) {
            frames[2 * i] = codes[i];
            frames[2 * i + 1] = 0;
        }
        stacks.set(thread, frames);
    }

    /** Moves the innermost frame to the instruction with that number; it has a line of its own. */
    public void leafAt(int thread, int instruction) {
        long[] frames = stacks.get(thread);
        frames[frames.length - 1] = instruction;
    }

    /** Which thread holds the GIL; it counts as handed over. */
    public void hold(int thread) {
        holder = thread;
        switches++;
    }

    public long ident(int thread) {
        return 0x7F00_0000_0000L + thread * 0x1000L;
    }

    public PythonRuntime runtime() {
        return new PythonRuntime(
                VERSION,
                offsets,
                RUNTIME,
                RUNTIME + offsets.runtime().interpretersHead(),
                "made up",
                "made up",
                false);
    }

    public long interpreter() {
        return INTERPRETER;
    }

    /** What lies in its memory now. */
    public MemoryImage image() {
        MemoryImage.Builder image = new MemoryImage.Builder();
        put(image, RUNTIME + offsets.runtime().interpretersHead(), INTERPRETER);
        put(image, INTERPRETER + offsets.interpreter().next(), 0);
        put(image, INTERPRETER + offsets.interpreter().modules(), 0);
        put(image, INTERPRETER + offsets.interpreter().gilPointer(), GIL);
        long first = stacks.isEmpty() ? 0 : threadAddress(stacks.size() - 1);
        put(image, INTERPRETER + offsets.interpreter().threadsHead(), first);
        byte[] gil = new byte[256];
        word(gil, offsets.gil().lastHolder(), holder < 0 ? 0 : threadAddress(holder));
        word(gil, offsets.gil().locked(), holder < 0 ? 0 : 1);
        word(gil, offsets.gil().switchNumber(), switches);
        image.put(GIL, gil);
        put(image, TYPE + offsets.objects().typeName(), TYPE_NAME);
        image.put(TYPE_NAME, "code\0".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < codeBytes.size(); i++) {
            image.put(codeAddress(i), codeBytes.get(i));
        }
        for (int i = 0; i < stacks.size(); i++) {
            putThread(image, i);
        }
        return image.build();
    }

    public TargetMemory memory() {
        return new SnapshotMemory(image());
    }

    /** The process as it is now. */
    public Replay replay() {
        SnapshotMemory memory = new SnapshotMemory(image());
        return replay(memory::again);
    }

    public Replay replay(Supplier<TargetMemory> memories) {
        return new Replay(runtime(), memories, Map.of(), true);
    }

    // internals

    private void putThread(MemoryImage.Builder image, int number) {
        Offsets.Thread thread = offsets.thread();
        Offsets.Frame frame = offsets.frame();
        long[] frames = stacks.get(number);
        int stride = (int) frame.size() + LOCALS_BYTES;
        byte[] shim = new byte[(int) frame.size() + 16];
        shim[(int) frame.owner()] = (byte) frame.ownerShimMin();
        long previous = SHIMS + number * 0x1000L;
        image.put(previous, shim);
        long chunk = CHUNKS + number * THREAD_CHUNKS;
        long before = 0;
        int used = CHUNK_HEADER_BYTES;
        byte[] bytes = new byte[CHUNK_BYTES];
        for (int i = 0; i < frames.length; i += 2) {
            if (used + stride > CHUNK_BYTES) {
                putChunk(image, chunk, before, bytes, used);
                before = chunk;
                chunk += CHUNK_BYTES;
                bytes = new byte[CHUNK_BYTES];
                used = CHUNK_HEADER_BYTES;
            }
            long code = codeAddress((int) frames[i]);
            word(bytes, used + frame.previous(), previous);
            word(bytes, used + frame.code(), code);
            word(
                    bytes,
                    used + frame.instruction(),
                    code + offsets.code().codeAdaptive() + 2 * frames[i + 1]);
            previous = chunk + used;
            used += stride;
        }
        putChunk(image, chunk, before, bytes, used);
        byte[] state = new byte[(int) Math.max(thread.size(), thread.datastackTop() + 16)];
        word(state, thread.next(), number == 0 ? 0 : threadAddress(number - 1));
        word(state, thread.top(), previous);
        word(state, thread.threadId(), ident(number));
        word(state, thread.nativeThreadId(), 1000 + number);
        word(state, thread.datastackChunk(), chunk);
        word(state, thread.datastackTop(), chunk + used);
        word(state, thread.datastackTop() + 8, chunk + CHUNK_BYTES);
        image.put(threadAddress(number), state);
    }

    private static void putChunk(
            MemoryImage.Builder image, long at, long before, byte[] bytes, int used) {
        word(bytes, 0, before);
        word(bytes, 8, CHUNK_BYTES);
        word(bytes, 16, used);
        image.put(at, bytes);
    }

    private long string(byte[] bytes, long address, long at, long field, String text) {
        Offsets.Objects objects = offsets.objects();
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        word(bytes, field, address + at);
        word(bytes, at + objects.unicodeLength(), ascii.length);
        int state =
                1 << objects.unicodeKindShift()
                        | 1 << objects.unicodeCompactShift()
                        | 1 << objects.unicodeAsciiShift();
        segment(bytes).set(ValueLayout.JAVA_INT_UNALIGNED, at + objects.unicodeState(), state);
        System.arraycopy(ascii, 0, bytes, (int) (at + objects.asciiData()), ascii.length);
        return at + objects.asciiData() + (ascii.length + 8 & ~7);
    }

    private static long codeAddress(int number) {
        return CODES + number * CODE_STRIDE;
    }

    private static long threadAddress(int number) {
        return THREADS + number * THREAD_STRIDE;
    }

    private static MemorySegment segment(byte[] bytes) {
        return MemorySegment.ofArray(bytes);
    }

    private static void put(MemoryImage.Builder image, long address, long value) {
        byte[] bytes = new byte[8];
        word(bytes, 0, value);
        image.put(address, bytes);
    }

    private static void word(byte[] bytes, long at, long value) {
        segment(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
    }
}
