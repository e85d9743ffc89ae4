package jspy.testing;

import jspy.layout.Offsets;
import jspy.memory.LiveMemory;
import jspy.os.Linux;
import jspy.profile.Frame;
import jspy.python.CodeCopier;
import jspy.python.CodeDecoder;
import jspy.python.CodeInfo;
import jspy.python.PythonRuntime;
import jspy.python.RawCode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads stacks as one would at first: a frame, then the one it points to, while the program runs
 * on. It must be seen to mix moments where the proved sample is said not to, else an oracle shows
 * nothing. One thread, bound to another core than the program's.
 */
final class NaiveReader {
    private static final int MAX_THREADS = 64;
    private static final int MAX_FRAMES = 300;

    private final Offsets offsets;
    private final PythonRuntime runtime;
    private final LiveMemory memory;
    private final CodeCopier copier;
    private final CodeDecoder decoder;
    private final Map<Long, CodeInfo> codes = new HashMap<>();
    private final MemorySegment bytes = Arena.ofAuto().allocate(1024, 8);
    private final long frameBytes;

    NaiveReader(PythonRuntime runtime, int pid) {
        this.runtime = runtime;
        offsets = runtime.offsets();
        memory = new LiveMemory(new Linux(), pid);
        copier = new CodeCopier(memory, offsets);
        decoder = new CodeDecoder(offsets, runtime.version());
        frameBytes = isPointer() ? offsets.frame().size() : offsets.frame().instruction() + 4;
    }

    /** The stacks of all threads that are in Python, root first; a frame without code is a mark. */
    List<List<Frame>> read() {
        List<List<Frame>> stacks = new ArrayList<>();
        long interpreter = word(runtime.interpretersHeadAddress());
        long thread = word(interpreter + offsets.interpreter().threadsHead());
        for (int i = 0; thread != 0 && i < MAX_THREADS; i++) {
            List<long[]> frames = frames(thread);
            if (!frames.isEmpty()) {
                stacks.add(frames.reversed().stream().map(this::named).toList());
            }
            thread = word(thread + offsets.thread().next());
        }
        return stacks;
    }

    // internals

    private boolean isPointer() {
        return offsets.code().codeAdaptive() != Offsets.ABSENT;
    }

    /** Code and instruction of each frame, leaf first. */
    private List<long[]> frames(long thread) {
        Offsets.Frame at = offsets.frame();
        long hop = offsets.thread().cframeCurrentFrame();
        long frame = word(thread + offsets.thread().top());
        if (hop != Offsets.ABSENT && frame != 0) {
            frame = word(frame + hop);
        }
        List<long[]> frames = new ArrayList<>();
        while (frame != 0 && frames.size() < MAX_FRAMES) {
            if (memory.read(frame, bytes, 0, (int) frameBytes) < frameBytes) {
                frames.add(new long[] {0, 0}); // led astray
                return frames;
            }
            boolean shim =
                    at.ownerShimMin() != Offsets.ABSENT
                            && bytes.get(ValueLayout.JAVA_BYTE, at.owner()) >= at.ownerShimMin();
            if (!shim) {
                long code = at(at.code()) & ~Math.max(0, at.codeTagMask());
                frames.add(new long[] {code, instruction(code)});
            }
            frame = at(at.previous());
        }
        return frames;
    }

    private long instruction(long code) {
        long at = offsets.frame().instruction();
        if (isPointer()) {
            return at(at) - code - offsets.code().codeAdaptive();
        }
        int units = runtime.version().atLeast(3, 10) ? 2 : 1;
        return (long) bytes.get(ValueLayout.JAVA_INT_UNALIGNED, at) * units;
    }

    private Frame named(long[] codeAndInstruction) {
        CodeInfo code = codes.computeIfAbsent(codeAndInstruction[0], this::copy);
        return code == null
                ? Frame.unreadable()
                : new Frame(
                        code.qualname(),
                        code.filename(),
                        code.filename(),
                        code.lineAt(codeAndInstruction[1]));
    }

    private CodeInfo copy(long address) {
        copier.clear();
        copier.request(address);
        copier.copy();
        RawCode raw = copier.take(0);
        return raw == null ? null : decoder.decode(raw);
    }

    private long at(long offset) {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
    }

    private long word(long address) {
        return memory.read(address, bytes, 0, 8) == 8 ? at(0) : 0;
    }
}
